#pragma once

#include "fake-peer.h"
#include "tests/reference/updating/publication.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace lanpeer::reference
{

/// What a publisher made at one time: "engine" and "names", which are one set, and "extra", which
/// nobody here wants.
struct Release
{
    int number = 0;
    std::string version;                         ///< "200101131511"
    std::map<std::string, std::string> contents; ///< by product, of its one file
    std::map<std::string, MadePackage> packages; ///< by product
};

/// A check for updates that a daemon was told to make.
struct StartedCheck
{
    /// \returns how it ended: its `outcome`, and its `reason` if that is "failed"
    nlohmann::json AwaitEnd();
    /// The same, of one that must have installed something.
    void ExpectInstalled();

    Caller caller;
    std::int64_t id;
};

/// An office of daemons that keep updates, and the publisher's folder on its origin.
class UpdatedOfficeTest : public OfficeTest
{
  protected:
    /// D of these tests, so that they are short.
    static constexpr int kDelayMs = 300;

    /// Starts daemons on the first of the nodes. No check begins but when it is told to.
    void OpenUpdated(const Office::Settings& settings, int daemons);
    void StartUpdated(int node, const std::vector<std::string>& flags = {});

    /// \param products of it that the catalog shall list
    static Release MakeRelease(int number, const std::vector<std::string>& products);

    /// Puts its packages into the publisher's folder.
    void PutPackages(const Release& release) const;
    /// The catalog that lists it.
    static std::string CatalogBytes(const Release& release);
    /// Puts it there; its version is the release's number.
    void PutCatalog(const Release& release) const;

    StartedCheck BeginCheck(int node) const;
    /// Lets these nodes check at the same time, and waits until all of them have installed it.
    void UpdateAll(const std::vector<int>& nodes) const;

    /// What is installed of a product, byte for byte; empty if nothing is.
    std::string InstalledAt(int node, const std::string& product) const;
    /// What is installed, and what the daemon says is, is this release and nothing else.
    void ExpectInstalled(int node, const Release& release) const;

    /// Lines of a daemon's log that have these words.
    std::vector<std::string> Logged(int node, const std::string& words) const;
    /// What the daemon's log tells of refusals and failures, a line each.
    std::vector<std::string> ComplaintsOf(int node) const;

    /// Body bytes of each answer that the origin gave for a file of its folder. Waits until there
    /// are so many, since it tells of those that are over.
    std::vector<std::uint64_t> SentByOrigin(const std::string& file, std::size_t atLeast) const;
    /// That a package was fetched from the Internet so many times, each time whole.
    void ExpectCopiesOf(const MadePackage& package, std::size_t copies) const;

    /// A liar's answers to those who need that package, and nothing to others.
    static FakePeer::Answers AboutOnly(const MadePackage& package, FakePeer::Answers answers);
};

} // namespace lanpeer::reference
