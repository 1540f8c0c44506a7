#pragma once

#include "publication.h"
#include "reference/files/digest.h"
#include "reference/service/peering-service.h"
#include "reference/updating/updater.h"
#include "tests/reference/updating/site.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lanpeer::reference
{

/// A node with an update service and no peers, in the thread of the test, and a publisher's server.
class UpdatedNode : public testing::Test
{
  public:
    explicit UpdatedNode(const std::string& where = testing::TempDir());
    ~UpdatedNode() override;

    /// What comes before a file's name in its URL.
    std::string Base() const;

    /// Puts it onto the publisher's server, in the place of what is called so.
    void Put(const std::string& file, const std::string& bytes);
    void Put(const MadePackage& package);

    /// A release of one product "engine" with this content.
    MadePackage Release(std::uint64_t catalogVersion,
                        const std::string& version,
                        const std::string& content);

    /// From the next start on: it has no peers, but might. What it fetches it keeps and offers.
    void ListenForPeers();

    /// Starts the node, or starts it again after an end in order.
    void Start();
    void End();

    /// A check on demand; runs the node until it has ended.
    CheckReport Check(bool install = true);

    /// Runs the node until that is so. \returns whether it came to be, within a long while
    bool RunUntil(const std::function<bool()>& holds);

    /// What peers are offered as the copy of a file of the publisher's.
    std::optional<Digest> Offered(const std::string& file) const;

    /// What is installed of a product, of the set called so: its content, or "(none)".
    std::string Installed(const std::string& product, std::string set = "") const;

    /// All that was told of late, a line each.
    std::string Remarks() const;

    std::filesystem::path m_top;
    ServiceSettings m_serviceSettings; ///< of the next start
    std::unique_ptr<Site> m_site;
    std::uint64_t m_nowS = 1'800'000'000; ///< 2027-01-15
    std::uint64_t m_maxCheckDeadlineS = 600;
    bool m_catalogFromPeers = false;
    std::vector<std::string> m_afterInstall; ///< of the next start
    std::unique_ptr<boost::asio::io_context> m_io;
    std::unique_ptr<PeeringService> m_service;
    std::shared_ptr<Updater> m_updater;
};

/// What a node needs, to be made in any process.
ServiceSettings ServiceSettingsIn(const std::filesystem::path& top);
UpdateSettings UpdateSettingsIn(const std::filesystem::path& top, const std::string& base);

/// Runs a node until it is so; \returns false after a long while
bool RunUntil(boost::asio::io_context& io, const std::function<bool()>& what);

/// Makes one check with what they say; \returns how it ended, none if it did not within a long
/// while
std::optional<CheckReport> CheckOnce(boost::asio::io_context& io, Updater& updater, bool install);

/// As UpdatedNode::Installed().
std::string InstalledIn(const std::filesystem::path& top,
                        const std::string& product,
                        const std::string& set);

} // namespace lanpeer::reference
