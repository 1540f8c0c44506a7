#include "reference/files/digest.h"
#include "reference/updating/signed-packages.h"
#include "updated-node.h"

#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

// Any application may ask for a signed package (R-HTTP-2): real packages over a real service.

namespace lanpeer::reference
{
namespace
{

using testing::HasSubstr;
using testing::IsEmpty;

const std::string kOld = "200101131511";
const std::string kNew = "200102131511";

/// How a request ended.
struct Ending
{
    std::optional<FoundReport> found;
    std::optional<Reason> reason;
    std::string detail;
};

/// A node that believes the root, as any application of it has it.
class SignedPackagesTest : public UpdatedNode
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-HTTP-2 R-API-1 R-UPD-4");
        ListenForPeers();
    }

    void TearDown() override
    {
        m_signed.reset();
    }

    /// \param updates whether there is an update service too
    void StartBelieving(bool updates)
    {
        m_signed.reset();
        Start();
        UpdateSettings settings = UpdateSettingsIn(m_top, Base());
        settings.now = [this]
        {
            return m_nowS;
        };
        if (!updates)
        {
            m_updater.reset();
        }
        m_signed =
            std::make_unique<SignedPackages>(*m_io, *m_service, std::move(settings), m_updater);
        m_signed->Start();
    }

    Ending Get(const std::string& file)
    {
        std::optional<Ending> ending;
        ResourceRequest request;
        request.url = Base() + file;
        request.verifier = SignedVerifier{};
        Application application;
        application.found = [&ending](const FoundReport& report)
        {
            ending = Ending{report, std::nullopt, ""};
        };
        application.failed = [&ending](Reason reason, const std::string& detail)
        {
            ending = Ending{std::nullopt, reason, detail};
        };
        m_service->Ask(request, std::move(application));
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(120);
        while (!ending && std::chrono::steady_clock::now() < end)
        {
            m_io->run_one_for(std::chrono::milliseconds(50));
        }
        EXPECT_TRUE(ending) << "the request does not end";
        return ending.value_or(Ending{});
    }

    void ExpectRefused(const std::string& file, const std::string& detail)
    {
        const Ending ending = Get(file);
        EXPECT_FALSE(ending.found);
        EXPECT_EQ(ending.reason, Reason::ContentRefused);
        EXPECT_THAT(ending.detail, HasSubstr(detail));
        EXPECT_THAT(m_service->List(), IsEmpty()) << "it is offered";
    }

    MadePackage Engine(const std::string& version, const Identity& publisher = Publisher()) const
    {
        return PackageOf(Base(), "engine", version, "an engine", publisher);
    }

    static std::string FileOf(const std::string& version)
    {
        return "engine." + version + ".cab";
    }

    std::unique_ptr<SignedPackages> m_signed;
};

TEST_F(SignedPackagesTest, IsHadByItsSignatureAlone)
{
    const MadePackage engine = Engine(kNew);
    Put(engine);
    StartBelieving(false);
    const Ending first = Get(FileOf(kNew));
    ASSERT_TRUE(first.found) << first.detail;
    EXPECT_EQ(first.found->source, Source::Internet);
    EXPECT_EQ(ToHex(first.found->body.digest), engine.entry.sha256);
    ASSERT_EQ(m_service->List().size(), 1U) << "it is offered, as what has a verifier is";
    EXPECT_EQ(Get(FileOf(kNew)).found->source, Source::Local);
}

TEST_F(SignedPackagesTest, L14_ARenamedOneIsRefused)
{
    RecordProperty("attack", "L14");
    Put(FileOf(kNew), Engine(kOld).bytes);
    StartBelieving(false);
    ExpectRefused(FileOf(kNew),
                  "renamed: the file was signed under another name or version "
                  "(engine.200101131511.cab instead of engine.200102131511.cab)");
    Put("names.200102131511.cab", Engine(kNew).bytes);
    ExpectRefused("names.200102131511.cab", "wrong software: the file is of another product");
    Put("latest.cab", Engine(kNew).bytes);
    ExpectRefused("latest.cab", "renamed: ");
    // A catalog carries no version in its name: an old one would be as good as any.
    Put("myupdate.cab", CatalogOf({}));
    ExpectRefused("myupdate.cab", "does not say what it is (myupdate.cab as myupdate, version 1)");
}

TEST_F(SignedPackagesTest, T1_ATamperedOneIsRefused)
{
    RecordProperty("attack", "T1");
    StartBelieving(false);
    std::string bytes = Engine(kNew).bytes;
    bytes[bytes.size() / 3] ^= 1;
    Put(FileOf(kNew), bytes);
    ExpectRefused(FileOf(kNew), "arbitrary software: ");
    Put(FileOf(kNew), "no cabinet");
    ExpectRefused(FileOf(kNew), "arbitrary software: the file is no signed cabinet");
    Put(FileOf(kNew), Engine(kNew, OtherPublisher()).bytes);
    ExpectRefused(FileOf(kNew), "the signer's certificate does not lead to the root");
    Put(Engine(kNew));
    EXPECT_TRUE(Get(FileOf(kNew)).found);
}

TEST_F(SignedPackagesTest, T9_WhomTheNewestListRevokesIsBelievedNoLonger)
{
    RecordProperty("attack", "T9");
    CertificateOrder next;
    next.serial = 0x1002;
    const Identity successor = MakeIdentity(next, KeyOf("RSA", 2048, 7), Root());
    Put(Engine(kNew));
    CatalogOrder order;
    order.entries = {PackageOf(Base(), "names", kOld, "names").entry};
    order.revoked = {"1001"};
    Put("myupdate.cab", CatalogOf(order, successor));
    StartBelieving(true);
    EXPECT_TRUE(Get(FileOf(kNew)).found) << "nobody has heard of it yet";
    EXPECT_EQ(Check(false).outcome, CheckOutcome::Newer);
    // Not even the copy that is here: for one who asks by the signature it is none.
    const Ending ending = Get(FileOf(kNew));
    EXPECT_FALSE(ending.found);
    EXPECT_THAT(ending.detail,
                HasSubstr("key compromise: the root has revoked the signer's certificate (1001)"));
    // The list is remembered, updates or not.
    StartBelieving(false);
    EXPECT_THAT(Get(FileOf(kNew)).detail, HasSubstr("key compromise: "));
    Put(PackageOf(Base(), "names", kNew, "names", successor));
    EXPECT_TRUE(Get("names.200102131511.cab").found);
}

TEST_F(SignedPackagesTest, WithoutARootThereIsNone)
{
    Put(Engine(kNew));
    StartBelieving(false);
    EXPECT_TRUE(m_service->HasPackageJudge());
    m_signed.reset(); // the configuration was read again, and names none
    EXPECT_FALSE(m_service->HasPackageJudge());
    ExpectRefused(FileOf(kNew), "no root certificate");
}

} // namespace
} // namespace lanpeer::reference
