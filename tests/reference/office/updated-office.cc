#include "updated-office.h"

#include "model/protocol/update/catalog.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

namespace lanpeer::reference
{

namespace
{

namespace fs = std::filesystem;

const std::string kBase = fmt::format("http://{}/", kOriginAddress);

fs::path
InstallFolderOf(const Office& office, int node)
{
    return office.Folder() / fmt::format("installed{}", node);
}

/// Old ones are shorter: nobody refuses one for its length before he has looked at it.
std::size_t
ContentBytes(const std::string& product, int number)
{
    const std::size_t bytes = product == "engine" ? 200'000 : 60'000;
    return bytes + static_cast<std::size_t>(number) * 1000;
}

} // namespace

nlohmann::json
StartedCheck::AwaitEnd()
{
    const nlohmann::json end = caller.AwaitEnd(id);
    EXPECT_EQ(end.value("event", ""), "done") << end;
    return end.value("check", nlohmann::json::object());
}

void
StartedCheck::ExpectInstalled()
{
    const nlohmann::json end = AwaitEnd();
    EXPECT_EQ(end.value("outcome", ""), "installed") << end;
}

void
UpdatedOfficeTest::OpenUpdated(const Office::Settings& settings, int daemons)
{
    Open(settings);
    std::ofstream(m_office->Folder() / "root.pem") << Root().certificate;
    for (int node = 1; node <= daemons; ++node)
    {
        StartUpdated(node);
    }
}

void
UpdatedOfficeTest::StartUpdated(int node, const std::vector<std::string>& flags)
{
    const fs::path file = m_office->Folder() / fmt::format("lanpeerd{}.yaml", node);
    std::ofstream(file) << "protocol:\n"
                        << "  response_delay_ms: " << kDelayMs
                        << "\n"
                        // A slow computer's answers are no silence.
                        << "  transmission_allowance_ms: 500\n"
                        << "update:\n"
                        << "  catalog_url: " << kBase << "myupdate.cab\n"
                        << "  root_file: " << (m_office->Folder() / "root.pem").string() << "\n"
                        << "  install_dir: " << InstallFolderOf(*m_office, node).string() << "\n"
                        << "  products: [engine]\n"
                        << "  boot_check: off\n";
    std::vector<std::string> all{"--config", file};
    all.insert(all.end(), flags.begin(), flags.end());
    m_office->Start(node, all);
}

Release
UpdatedOfficeTest::MakeRelease(int number, const std::vector<std::string>& products)
{
    Release release;
    release.number = number;
    release.version = fmt::format("2001{:02}131511", number);
    for (const std::string& product : products)
    {
        // Other bytes for each product of each release.
        const auto seed = static_cast<std::uint32_t>(number * 256 + product.front());
        const std::string content = MakeBytes(ContentBytes(product, number), seed);
        MadePackage package = PackageOf(kBase, product, release.version, content);
        package.entry.set = product == "extra" ? "extra" : "scanner";
        release.contents[product] = content;
        release.packages[product] = std::move(package);
    }
    return release;
}

void
UpdatedOfficeTest::PutPackages(const Release& release) const
{
    for (const auto& [product, package] : release.packages)
    {
        EXPECT_EQ(m_office->Publish(FileOf(package.entry), package.bytes), package.entry.url);
    }
}

std::string
UpdatedOfficeTest::CatalogBytes(const Release& release)
{
    CatalogOrder order;
    order.version = static_cast<std::uint64_t>(release.number);
    for (const auto& [product, package] : release.packages)
    {
        order.entries.push_back(package.entry);
    }
    return CatalogOf(order);
}

void
UpdatedOfficeTest::PutCatalog(const Release& release) const
{
    m_office->Publish("myupdate.cab", CatalogBytes(release));
}

StartedCheck
UpdatedOfficeTest::BeginCheck(int node) const
{
    Caller caller = m_office->Connect(node);
    const std::int64_t id = caller.Call({{"call", "update"}, {"install", true}});
    return {std::move(caller), id};
}

void
UpdatedOfficeTest::UpdateAll(const std::vector<int>& nodes) const
{
    std::vector<StartedCheck> checks;
    for (const int node : nodes)
    {
        checks.push_back(BeginCheck(node));
    }
    for (StartedCheck& check : checks)
    {
        check.ExpectInstalled();
    }
}

std::string
UpdatedOfficeTest::InstalledAt(int node, const std::string& product) const
{
    return TextOf(InstallFolderOf(*m_office, node) / "scanner" / "current" / product /
                  "content.txt");
}

void
UpdatedOfficeTest::ExpectInstalled(int node, const Release& release) const
{
    const nlohmann::json updates = m_office->Connect(node).Status()["updates"];
    std::map<std::string, std::string> told;
    for (const nlohmann::json& product : updates["products"])
    {
        if (!product["installed"].is_null())
        {
            told[product["product"]] = product["installed"];
        }
    }
    for (const std::string product : {"engine", "names"})
    {
        const auto content = release.contents.find(product);
        const bool has = content != release.contents.end();
        EXPECT_TRUE(InstalledAt(node, product) == (has ? content->second : ""))
            << "node " << node << ", " << product << " of release " << release.number;
        EXPECT_EQ(told[product], has ? release.version : "") << "node " << node << updates;
    }
    EXPECT_FALSE(fs::exists(InstallFolderOf(*m_office, node) / "extra")) << "node " << node;
}

std::vector<std::string>
UpdatedOfficeTest::Logged(int node, const std::string& words) const
{
    std::vector<std::string> lines;
    std::istringstream log(m_office->LogOf(node));
    for (std::string line; std::getline(log, line);)
    {
        if (line.find(words) != std::string::npos)
        {
            lines.push_back(line);
        }
    }
    return lines;
}

std::vector<std::string>
UpdatedOfficeTest::ComplaintsOf(int node) const
{
    return Logged(node, " warning updates: ");
}

std::vector<std::uint64_t>
UpdatedOfficeTest::SentByOrigin(const std::string& file, std::size_t atLeast) const
{
    std::vector<std::uint64_t> sent;
    const auto look = [&]
    {
        sent.clear();
        std::istringstream log(m_office->OriginLog());
        for (std::string line; std::getline(log, line);)
        {
            if (line.find(" GET /" + file + " ") != std::string::npos)
            {
                sent.push_back(std::strtoull(line.c_str(), nullptr, 10));
            }
        }
        return sent.size() >= atLeast;
    };
    EXPECT_TRUE(Await(look)) << file;
    return sent;
}

void
UpdatedOfficeTest::ExpectCopiesOf(const MadePackage& package, std::size_t copies) const
{
    const std::string file = FileOf(package.entry);
    EXPECT_EQ(SentByOrigin(file, copies), std::vector<std::uint64_t>(copies, package.bytes.size()))
        << file;
}

FakePeer::Answers
UpdatedOfficeTest::AboutOnly(const MadePackage& package, FakePeer::Answers answers)
{
    return [url = package.entry.url, answers = std::move(answers)](const std::string& need)
    {
        return RawPeer::ValueOf(need, "href") == url ? answers(need) : "";
    };
}

} // namespace lanpeer::reference
