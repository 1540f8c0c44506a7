#include "authority.h"
#include "model/protocol/update/catalog-codec.h"
#include "oracle.h"
#include "reference/packages/catalog-cabinet.h"
#include "tests/reference/office/commands.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <filesystem>
#include <string>

// What a publisher makes with the command: read by us and by osslsigncode.

namespace lanpeer::reference
{
namespace
{

using testing::HasSubstr;

const std::string kPackage = "engine.202511291200.cab";
const std::string kSigning = " --cert cert.pem --key key.pem ";

class PublisherCommand : public testing::Test
{
  protected:
    PublisherCommand()
    {
        m_folder.Put("cert.pem", reference::Publisher().certificate);
        m_folder.Put("key.pem", reference::Publisher().key);
        m_folder.Put("root.pem", Root().certificate);
        m_folder.Put("root.key", Root().key);
        m_folder.Put("engine.dat", "what engines eat");
        std::filesystem::create_directories(m_folder.Path() / "help/de");
        m_folder.Put("help/de/a.html", "<p>");
        m_folder.Put("run", "#!/bin/sh\n");
        std::filesystem::permissions(m_folder.Path() / "run", std::filesystem::perms::owner_all);
    }

    CommandResult Lanpeer(const std::string& arguments) const
    {
        return RunCommand({"sh",
                           "-c",
                           fmt::format("cd {} && {}/bin/lanpeer {}",
                                       m_folder.Path().string(),
                                       LANPEER_BINARY_DIR,
                                       arguments)});
    }

    void Make(const std::string& arguments) const
    {
        const CommandResult made = Lanpeer(arguments);
        EXPECT_EQ(made.exitCode, 0) << arguments << "\n" << made.output;
    }

    void Pack() const
    {
        Make("pack --name " + kPackage + kSigning + "engine.dat help run");
    }

    std::size_t Files() const
    {
        using Iterator = std::filesystem::directory_iterator;
        return static_cast<std::size_t>(std::distance(Iterator(m_folder.Path()), Iterator()));
    }

    /// One line that names it, exit 2 if nothing else is said, and nothing written.
    void Wrong(const std::string& arguments, const std::string& named, int exitCode = 2) const
    {
        const std::size_t before = Files();
        const CommandResult ended = Lanpeer(arguments);
        EXPECT_EQ(ended.exitCode, exitCode) << arguments << "\n" << ended.output;
        EXPECT_THAT(ended.output, HasSubstr(named)) << arguments;
        EXPECT_EQ(ended.output.find('\n'), ended.output.size() - 1) << ended.output;
        EXPECT_EQ(Files(), before) << arguments;
    }

    TemporaryFolder m_folder;
};

TEST_F(PublisherCommand, PackMakesWhatBothBelieve)
{
    RecordProperty("requirement", "R-UPD-6 R-UPD-7");
    Pack();
    const std::string bytes = m_folder.Get(kPackage);
    const Oracle oracle = VerifyByOsslsigncode(m_folder, bytes, Root());
    EXPECT_TRUE(oracle.accepted) << oracle.output;
    const Examination seen = ExaminePackage(MemorySource(bytes), TrustIn(Root()), kAsOfS);
    EXPECT_EQ(seen.facts.signature, SignatureState::Valid) << seen.message;
    EXPECT_EQ(seen.facts.embedded, (EmbeddedName{kPackage, "engine", "202511291200"}));
    std::vector<std::string> names;
    for (const CabinetEntry& entry : ReadCabinetLayout(MemorySource(bytes), {}))
    {
        names.push_back(entry.name);
        EXPECT_EQ(entry.executable, entry.name == "run") << entry.name;
    }
    EXPECT_THAT(names, testing::ElementsAre("cabinfo.ini", "engine.dat", "help/de/a.html", "run"));
}

TEST_F(PublisherCommand, CatalogListsThePackagesWithTheRootsList)
{
    RecordProperty("requirement", "R-UPD-6 R-UPD-8");
    Pack();
    Make("revoke --out revoked.crl --cert root.pem --key root.key --number 4 0ABC");
    Make("catalog --out my.cab" + kSigning +
         "--version 7 --expires 2099-01-31 --base-url http://u.example/a --set all=engine "
         "--revocations revoked.crl " +
         kPackage);
    const std::string bytes = m_folder.Get("my.cab");
    EXPECT_TRUE(VerifyByOsslsigncode(m_folder, bytes, Root()).accepted);
    const CatalogCabinet read =
        ReadCatalogCabinet(MemorySource(bytes), TrustIn(Root()), std::time(nullptr));
    EXPECT_EQ(read.facts.embedded, (EmbeddedName{"my.cab", "my", "7"})) << read.message;
    ASSERT_TRUE(read.catalog && read.revocations) << read.message << read.revocationsMessage;
    EXPECT_EQ(*read.revocations, (RevocationList{4, {"0abc"}}));
    const auto parsed = ReadCatalog(*read.catalog);
    ASSERT_TRUE(std::holds_alternative<Catalog>(parsed)) << *read.catalog;
    const std::string package = m_folder.Get(kPackage);
    const Catalog expected{1,
                           7,
                           4'073'587'199, // 2099-01-31 23:59:59
                           std::nullopt,
                           {{"engine",
                             "all",
                             "http://u.example/a/" + kPackage,
                             package.size(),
                             Sha256Of(MemorySource(package)),
                             "202511291200"}}};
    EXPECT_EQ(std::get<Catalog>(parsed), expected);
}

TEST_F(PublisherCommand, WrongUseWritesNothing)
{
    RecordProperty("requirement", "R-UPD-6");
    Pack();
    m_folder.Put("none.cab", "no package");
    m_folder.Put("other.202511291200.cab", m_folder.Get(kPackage));
    Wrong("pack --name engine.cab" + kSigning + "engine.dat", "--name: 'engine.cab'");
    Wrong("pack --name e.202602301200.cab" + kSigning + "engine.dat", "--name");
    Wrong("pack --name e.202511291200.cab --cert cert.pem --key root.key engine.dat", "--key");
    Wrong("pack --name e.202511291200.cab --cert root.pem --key root.key engine.dat",
          "not for signing code");
    CertificateOrder order;
    order.name = "between";
    order.authority = true;
    const Identity between = MakeIdentity(order, KeyOf("RSA", 2048, 4), Root());
    m_folder.Put("bundle.pem", reference::Publisher().certificate + between.certificate);
    Wrong("pack --name e.202511291200.cab --cert bundle.pem --key key.pem engine.dat",
          "--cert bundle.pem: with one in between");
    Wrong("pack --name e.202511291200.cab" + kSigning + "run run", "'run'");
    const auto catalog = [](const std::string& rest)
    {
        return "catalog --out my.cab" + kSigning + "--base-url http://u.example/ " + rest;
    };
    Wrong(catalog("--version x --expires 2099-01-31 " + kPackage), "--version: 'x'");
    Wrong(catalog("--version 7 --expires 2099-02-30 " + kPackage), "--expires");
    Wrong(catalog("--version 7 --expires 2001-01-31 " + kPackage), "is over");
    Wrong(catalog("--version 7 --expires 2099-01-31 none.cab"), "none.cab: no package");
    Wrong(catalog("--version 7 --expires 2099-01-31 other.202511291200.cab"),
          "it was made as " + kPackage);
    Wrong(catalog("--version 7 --expires 2099-01-31 --set all=dat " + kPackage), "--set: dat");
    Wrong(catalog("--version 7 --expires 2099-01-31 --revocations none.cab " + kPackage),
          "--revocations none.cab");
    Wrong("revoke --out r" + kSigning + "--number 1", "not a root's");
    Wrong("revoke --out r --cert root.pem --key root.key --number 1 xyz", "SERIAL: 'xyz'");
    EXPECT_EQ(Lanpeer("pack --name e.202511291200.cab" + kSigning + "missing").exitCode, 1);
}

TEST_F(PublisherCommand, T4EachEpochNeedsAListOfItsOwn)
{
    RecordProperty("requirement", "R-UPD-6 R-UPD-8");
    RecordProperty("attack", "T4");
    Pack();
    Make("revoke --out revoked.crl --cert root.pem --key root.key --number 4");
    const std::string catalog = "catalog --out my.cab" + kSigning +
                                "--version 7 --expires 2099-01-31 --base-url http://u.example/ "
                                "--revocations revoked.crl " +
                                kPackage + " --epoch ";
    Wrong(catalog + "5", "--revocations revoked.crl: its number 4 is below epoch 5");
    Wrong(catalog + "5", "lanpeer revoke --number 5");
    Make(catalog + "4");
}

/// "engine.202511291200.cab", for a moment that far from now.
std::string
FileOf(std::time_t aheadS)
{
    const std::time_t moment = std::time(nullptr) + aheadS;
    return fmt::format("engine.{:%Y%m%d%H%M}.cab", fmt::gmtime(moment));
}

TEST_F(PublisherCommand, L23AVersionOfTheFutureIsRefused)
{
    RecordProperty("requirement", "R-UPD-6 R-UPD-9");
    RecordProperty("attack", "L23 T4");
    constexpr std::time_t kHourS = 3600;
    const std::string allowed = FileOf(23 * kHourS); // once: it names a minute, which may pass
    Make("pack --name " + allowed + kSigning + "engine.dat");
    const std::string catalog = "catalog --out my.cab" + kSigning +
                                "--version 7 --expires 2099-01-31 --base-url http://u.example/ ";
    Make(catalog + allowed);
    for (const std::string& file : {FileOf(25 * kHourS), std::string("engine.209911291200.cab")})
    {
        const std::string said = "more than a day ahead of this computer's clock";
        Wrong("pack --name " + file + kSigning + "engine.dat", said, 1);
        // Made elsewhere, or by another clock.
        const std::string version = file.substr(7, 12);
        m_folder.Put(file,
                     MakePackage({file, "engine", version},
                                 {{"engine.dat", "x", false}},
                                 KeyFor(reference::Publisher())));
        Wrong(catalog + file, file + ": its version " + version, 1);
    }
}

} // namespace
} // namespace lanpeer::reference
