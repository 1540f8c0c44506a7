#include "analysis/run-record.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string_view>

namespace lanpeer::analysis
{

namespace
{

/// Throws the one kind of error of this file unless the claim holds.
void
Require(bool claim, std::string_view field, std::size_t index, std::string_view what)
{
    if (!claim)
    {
        throw std::invalid_argument(fmt::format("run record: {}[{}]: {}", field, index, what));
    }
}

bool
IsPlaceOf(const RunRecord& record, Place place)
{
    if (place.kind == Place::Kind::Node)
    {
        return place.node < record.nodes.size();
    }
    return place.node == 0;
}

void
CheckResources(const RunRecord& record)
{
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < record.resources.size(); ++i)
    {
        Require(names.insert(record.resources[i].href).second, "resources", i, "named twice");
    }
}

void
CheckNodes(const RunRecord& record)
{
    Require(!record.nodes.empty(), "nodes", 0, "there is none");
    for (std::size_t i = 0; i < record.nodes.size(); ++i)
    {
        std::set<std::uint32_t> wanted;
        for (const std::uint32_t resource : record.nodes[i].wanted)
        {
            Require(resource < record.resources.size(), "nodes", i, "wants an unknown resource");
            Require(wanted.insert(resource).second, "nodes", i, "wants a resource twice");
        }
    }
}

void
CheckRequestTimes(const Request& request, std::size_t index)
{
    const auto require = [index](bool claim, std::string_view what)
    {
        Require(claim, "requests", index, what);
    };
    require(request.askedAtUs >= 0, "asked before the run");
    require(request.endedAtUs.has_value() == (request.end != RequestEnd::Running),
            "an end needs its time, and only an end");
    require(!request.endedAtUs || *request.endedAtUs >= request.askedAtUs, "ended before asked");
    if (request.sourceChosenAtUs)
    {
        require(*request.sourceChosenAtUs >= request.askedAtUs, "source chosen before asked");
        require(!request.endedAtUs || *request.sourceChosenAtUs <= *request.endedAtUs,
                "source chosen after the end");
    }
    require(request.sourceChosenAtUs || !IsFound(request.end), "found without a source chosen");
}

void
CheckRequests(const RunRecord& record)
{
    for (std::size_t i = 0; i < record.requests.size(); ++i)
    {
        const Request& request = record.requests[i];
        Require(request.node < record.nodes.size(), "requests", i, "unknown node");
        Require(request.resource < record.resources.size(), "requests", i, "unknown resource");
        const std::vector<std::uint32_t>& wanted = record.nodes[request.node].wanted;
        Require(std::find(wanted.begin(), wanted.end(), request.resource) != wanted.end(),
                "requests",
                i,
                "its node does not want the resource");
        Require(request.reason.empty() == (request.end != RequestEnd::Failed),
                "requests",
                i,
                "a failure needs its reason, and only a failure");
        CheckRequestTimes(request, i);
    }
}

void
CheckTransfers(const RunRecord& record)
{
    for (std::size_t i = 0; i < record.transfers.size(); ++i)
    {
        const Transfer& transfer = record.transfers[i];
        Require(IsPlaceOf(record, transfer.from), "transfers", i, "from nowhere");
        Require(IsPlaceOf(record, transfer.to), "transfers", i, "to nowhere");
        Require(transfer.to.kind != Place::Kind::Internet, "transfers", i, "to the Internet");
        Require(transfer.from != transfer.to, "transfers", i, "to where it came from");
        Require(transfer.resource < record.resources.size(), "transfers", i, "unknown resource");
        Require(transfer.begunAtUs >= 0, "transfers", i, "begun before the run");
        Require(transfer.endedAtUs >= transfer.begunAtUs, "transfers", i, "ended before it began");
    }
}

void
CheckReleases(const RunRecord& record)
{
    const std::vector<UpdateRecord::Release>& releases = record.updates->releases;
    for (std::size_t i = 0; i < releases.size(); ++i)
    {
        Require(releases[i].resource < record.resources.size(), "releases", i, "unknown resource");
        Require(releases[i].publishedAtUs >= (i == 0 ? 0 : releases[i - 1].publishedAtUs),
                "releases",
                i,
                "not in the order of time");
    }
}

void
CheckInstallations(const RunRecord& record)
{
    const UpdateRecord& updates = *record.updates;
    for (std::size_t i = 0; i < updates.installations.size(); ++i)
    {
        const UpdateRecord::Installation& installation = updates.installations[i];
        Require(installation.node < record.nodes.size(), "installations", i, "unknown node");
        Require(
            installation.release < updates.releases.size(), "installations", i, "unknown release");
        Require(installation.atUs >= updates.releases[installation.release].publishedAtUs,
                "installations",
                i,
                "before its release");
        Require(i == 0 || installation.atUs >= updates.installations[i - 1].atUs,
                "installations",
                i,
                "not in the order of time");
    }
}

void
CheckUpdates(const RunRecord& record)
{
    if (!record.updates)
    {
        return;
    }
    CheckReleases(record);
    CheckInstallations(record);
    for (std::size_t i = 0; i < record.updates->on.size(); ++i)
    {
        const UpdateRecord::OnPeriod& period = record.updates->on[i];
        Require(period.node < record.nodes.size(), "on", i, "unknown node");
        Require(period.fromUs <= period.toUs, "on", i, "ends before it begins");
    }
    std::uint64_t catalogBytes = 0;
    for (const UpdateRecord::CatalogArrival& catalog : record.updates->catalogs)
    {
        catalogBytes += catalog.bodyBytes;
    }
    Require(catalogBytes == record.catalogBytes, "catalogs", 0, "do not add up to catalogBytes");
}

} // namespace

Place
Place::Internet()
{
    return {Kind::Internet, 0};
}

Place
Place::Proxy()
{
    return {Kind::Proxy, 0};
}

Place
Place::AtNode(std::uint32_t node)
{
    return {Kind::Node, node};
}

bool
operator==(Place left, Place right)
{
    return left.kind == right.kind && left.node == right.node;
}

bool
operator!=(Place left, Place right)
{
    return !(left == right);
}

bool
IsFound(RequestEnd end)
{
    switch (end)
    {
    case RequestEnd::FoundLocal:
    case RequestEnd::FoundPeer:
    case RequestEnd::FoundInternet:
        return true;
    case RequestEnd::Running:
    case RequestEnd::Failed:
        return false;
    }
    return false;
}

LanCounts&
LanCounts::operator+=(const LanCounts& other)
{
    frames += other.frames;
    lost += other.lost;
    collisions += other.collisions;
    backOffs += other.backOffs;
    retries += other.retries;
    givenUp += other.givenUp;
    queueDrops += other.queueDrops;
    return *this;
}

void
CheckRecord(const RunRecord& record)
{
    CheckResources(record);
    CheckNodes(record);
    CheckRequests(record);
    CheckTransfers(record);
    CheckUpdates(record);
    for (std::size_t i = 0; i < record.responseDelaysUs.size(); ++i)
    {
        Require(record.responseDelaysUs[i] >= 0, "responseDelaysUs", i, "negative");
    }
}

} // namespace lanpeer::analysis
