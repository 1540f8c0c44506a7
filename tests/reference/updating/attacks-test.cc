#include "updated-node.h"

#include <gmock/gmock.h>

#include <functional>
#include <ostream>

// Attacks on updates, with real packages and catalogs: each is refused and named, what is installed
// stays, and the next good update goes in (ATTACKS.md).

namespace lanpeer::reference
{
namespace
{

using testing::HasSubstr;

const std::string kFirst = "200101131511";
const std::string kSecond = "200102131511";
const std::string kThird = "200103131511";

/// The publisher's server, as an attacker has it.
class Attacked : public UpdatedNode
{
  public:
    std::string BaseUrl() const
    {
        return Base();
    }

    void PutFile(const std::string& file, const std::string& bytes)
    {
        Put(file, bytes);
    }

    void RemoveFile(const std::string& file)
    {
        m_site->Remove(file);
    }

    void SetClock(std::uint64_t nowS)
    {
        m_nowS = nowS;
    }

    std::string FileOf(const std::string& product, const std::string& version) const
    {
        return product + "." + version + ".cab";
    }

    /// A catalog, version 2 unless said otherwise, of these.
    void PutCatalog(CatalogOrder order,
                    const std::vector<MadePackage>& packages,
                    const Identity& publisher = Publisher())
    {
        order.version = order.version == 1 ? 2 : order.version;
        for (const MadePackage& package : packages)
        {
            order.entries.push_back(package.entry);
        }
        Put("myupdate.cab", CatalogOf(order, publisher));
    }

    MadePackage Engine(const std::string& version,
                       const std::string& content,
                       const Identity& publisher = Publisher()) const
    {
        return PackageOf(Base(), "engine", version, content, publisher);
    }

  private:
    void TestBody() override
    {
    }
};

struct Attack
{
    std::string id;
    std::string name;
    std::string said; ///< what the message has
    std::function<void(Attacked&)> prepare;
    /// The next good update, where another than version 3 of the catalog.
    std::function<void(Attacked&)> mend = {};
};

void
PrintTo(const Attack& attack, std::ostream* out)
{
    *out << attack.id << " " << attack.name;
}

/// The good package of the second version, its bytes altered.
void
PutAltered(Attacked& node, const std::function<void(std::string&)>& alter)
{
    MadePackage package = node.Engine(kSecond, "the second");
    node.PutCatalog({}, {package});
    alter(package.bytes);
    node.PutFile(node.FileOf("engine", kSecond), package.bytes);
}

/// Under the same root, by another certificate.
const Identity&
SecondPublisher()
{
    CertificateOrder order;
    order.serial = 0x1002;
    static const Identity publisher = MakeIdentity(order, KeyOf("RSA", 2048, 1), Root());
    return publisher;
}

std::vector<Attack>
AllAttacks()
{
    return {
        {"T1",
         "OneBitFlipped",
         "arbitrary software",
         [](Attacked& node)
         {
             PutAltered(node, [](std::string& bytes) { bytes[bytes.size() / 3] ^= 1; });
         }},
        {"T1",
         "PackageOfAnotherKey",
         "arbitrary software",
         [](Attacked& node)
         {
             const MadePackage package = node.Engine(kSecond, "theirs", OtherPublisher());
             node.PutCatalog({}, {package});
             node.PutFile(node.FileOf("engine", kSecond), package.bytes);
         }},
        {"T1",
         "CatalogOfAnotherKey",
         "arbitrary software",
         [](Attacked& node)
         {
             const MadePackage package = node.Engine(kSecond, "theirs", OtherPublisher());
             node.PutCatalog({}, {package}, OtherPublisher());
             node.PutFile(node.FileOf("engine", kSecond), package.bytes);
         }},
        {"T2",
         "LongerThanTheCatalogSays",
         "where at most",
         [](Attacked& node)
         {
             PutAltered(node, [](std::string& bytes) { bytes.append(1'000'000, 'x'); });
         }},
        {"T3",
         "CatalogWithAnEntryByTheWrongSigner",
         "arbitrary software",
         [](Attacked& node)
         {
             MadePackage extra =
                 PackageOf(node.BaseUrl(), "extra", kSecond, "theirs", OtherPublisher());
             node.PutCatalog({}, {node.Engine(kFirst, "the first"), extra});
             node.PutFile(node.FileOf("extra", kSecond), extra.bytes);
         }},
        {"T4",
         "NewEpochThatRevokesNobody",
         "fast-forward",
         [](Attacked& node)
         {
             CatalogOrder order;
             order.epoch = 2;
             order.listNumber = 2;
             node.PutCatalog(order, {node.Engine(kSecond, "the second")});
         }},
        {"T4",
         "EpochAboveTheRootsList",
         "with revocation list 2",
         [](Attacked& node)
         {
             CatalogOrder order;
             order.epoch = limits::kCatalogNumberMax;
             order.listNumber = 2;
             order.revoked = {"1001"};
             node.PutCatalog(order, {node.Engine(kSecond, "the second")}, SecondPublisher());
         }},
        {"T5",
         "CatalogBeyondItsExpiry",
         "freeze",
         [](Attacked& node)
         {
             CatalogOrder order;
             order.expiresS = 1'799'999'999;
             node.PutCatalog(order, {node.Engine(kSecond, "the second")});
         }},
        {"T7",
         "AnotherContentUnderTheSameVersion",
         "mix-and-match",
         [](Attacked& node)
         {
             CatalogOrder order;
             order.version = 7;
             node.PutCatalog(order, {node.Engine(kFirst, "the first")});
             EXPECT_EQ(node.Check().outcome, CheckOutcome::UpToDate);
             node.PutCatalog(order, {node.Engine(kSecond, "the second")});
         },
         [](Attacked& node)
         {
             node.Release(8, kThird, "the third");
         }},
        {"T8",
         "OlderCatalogAfterARestart",
         "rollback",
         [](Attacked& node)
         {
             CatalogOrder order;
             order.version = 7;
             node.PutCatalog(order, {node.Engine(kFirst, "the first")});
             EXPECT_EQ(node.Check().outcome, CheckOutcome::UpToDate);
             node.Start();
             node.PutCatalog({}, {node.Engine(kSecond, "the second")});
         },
         [](Attacked& node)
         {
             node.Release(8, kThird, "the third");
         }},
        {"T8",
         "OlderPackageInANewerCatalog",
         "rollback",
         [](Attacked& node)
         {
             const MadePackage package = node.Engine("200001131511", "an old one");
             node.PutFile(node.FileOf("engine", "200001131511"), package.bytes);
             node.PutCatalog({}, {package});
         }},
        {"T9",
         "SignerThatTheRootRevoked",
         "key compromise",
         [](Attacked& node)
         {
             CatalogOrder order;
             order.listNumber = 2;
             order.revoked = {"1001"};
             node.PutCatalog(order, {node.Engine(kSecond, "the second")});
         }},
        {"T10",
         "PackageOfAnotherProduct",
         "wrong software",
         [](Attacked& node)
         {
             const MadePackage other = PackageOf(node.BaseUrl(), "names", kSecond, "names");
             node.PutCatalog({}, {node.Engine(kSecond, "the second")});
             node.PutFile(node.FileOf("engine", kSecond), other.bytes);
         }},
        {"U2",
         "OneOfASetWithheld",
         "incomplete",
         [](Attacked& node)
         {
             MadePackage names = PackageOf(node.BaseUrl(), "names", kSecond, "names");
             MadePackage engine = node.Engine(kSecond, "the second");
             names.entry.set = engine.entry.set = "engine";
             node.PutCatalog({}, {engine, names});
             node.PutFile(node.FileOf("engine", kSecond), engine.bytes);
         }},
        {"L14",
         "OldFileUnderTheNewName",
         "renamed",
         [](Attacked& node)
         {
             node.PutCatalog({}, {node.Engine(kSecond, "the second")});
             node.PutFile(node.FileOf("engine", kSecond), node.Engine(kFirst, "the first").bytes);
         }},
        {"L15",
         "Truncated",
         "truncated",
         [](Attacked& node)
         {
             PutAltered(node, [](std::string& bytes) { bytes.resize(bytes.size() / 2); });
         }},
        {"L16",
         "BombSignedByThePublisher",
         "decompression bomb",
         [](Attacked& node)
         {
             const MadePackage package = node.Engine(kSecond, std::string(50'000'000, '\0'));
             node.PutFile(node.FileOf("engine", kSecond), package.bytes);
             node.PutCatalog({}, {package});
         }},
        {"L23",
         "ClockSetBack",
         "freeze",
         [](Attacked& node)
         {
             // What has expired has, whatever the clock says after that.
             CatalogOrder order;
             order.expiresS = 1'799'999'999;
             node.PutCatalog(order, {node.Engine(kSecond, "the second")});
             node.SetClock(1'790'000'000);
         }},
    };
}

class Attacks : public testing::TestWithParam<Attack>
{
};

TEST_P(Attacks, AreRefusedByNameAndTheNextGoodUpdateGoesIn)
{
    const Attack& attack = GetParam();
    RecordProperty("attack", attack.id);
    RecordProperty("requirement", "R-UPD-4 R-UPD-8");
    Attacked node;
    node.Release(1, kFirst, "the first");
    node.Start();
    ASSERT_EQ(node.Check().outcome, CheckOutcome::Installed);
    attack.prepare(node);
    EXPECT_EQ(node.Check().outcome, CheckOutcome::Failed);
    EXPECT_THAT(node.Remarks(), HasSubstr(attack.said));
    EXPECT_EQ(node.Installed("engine"), "the first");
    EXPECT_EQ(node.Installed("extra"), "(none)");
    EXPECT_EQ(node.Installed("names", "engine"), "(none)");

    if (attack.mend)
    {
        attack.mend(node);
    }
    else
    {
        node.Release(3, kThird, "the third");
    }
    EXPECT_EQ(node.Check().outcome, CheckOutcome::Installed) << node.Remarks();
    EXPECT_EQ(node.Installed("engine"), "the third");
}

INSTANTIATE_TEST_SUITE_P(OnUpdates,
                         Attacks,
                         testing::ValuesIn(AllAttacks()),
                         [](const testing::TestParamInfo<Attack>& attack)
                         { return attack.param.id + attack.param.name; });

} // namespace
} // namespace lanpeer::reference
