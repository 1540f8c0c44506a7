#include "sample-record.h"

namespace lanpeer::analysis
{

RunRecord
SampleRecord()
{
    const Place internet = Place::Internet();
    RunRecord record;
    record.scenario = "sample";
    record.policy = "robust";
    record.seed = 7;
    record.run = 2;
    record.resources = {
        {"http://x.test/a.cab", 1000}, {"http://x.test/b.cab", 500}, {"http://x.test/c.cab", 9999}};
    record.nodes = {{{0, 1}, 1500, 2}, {{0, 1}, 1000, 1}, {{0}, 0, 0}, {{}, 0, 0}};
    record.requests = {
        {0, 0, 0, 2'200'000, 3'000'000, RequestEnd::FoundInternet, ""},
        {0, 1, 100'000, 2'300'000, 5'000'000, RequestEnd::FoundInternet, ""},
        {1, 0, 10'000'000, 10'500'000, 10'600'000, RequestEnd::FoundPeer, ""},
        {1, 1, 10'000'000, 10'300'000, 10'900'000, RequestEnd::FoundPeer, ""},
        {2, 0, 20'000'000, 20'200'000, 21'000'000, RequestEnd::Failed, "internet-failed"},
        {2, 0, 30'000'000, 30'400'000, 31'000'000, RequestEnd::FoundPeer, ""},
    };
    record.transfers = {
        {internet, Place::AtNode(0), 0, 400, 2'500'000, false},
        {internet, Place::AtNode(0), 0, 600, 3'000'000, true},
        {internet, Place::AtNode(0), 1, 500, 5'000'000, true},
        {Place::AtNode(0), Place::AtNode(1), 0, 1000, 10'600'000, true},
        {Place::AtNode(0), Place::AtNode(1), 1, 500, 10'900'000, true},
        {internet, Place::AtNode(2), 0, 300, 21'000'000, false},
        {Place::AtNode(1), Place::AtNode(2), 0, 1000, 31'000'000, true},
    };
    record.packets.iNeed = 6;
    record.packets.iHave = 5;
    record.packets.iFound = 3;
    record.packets.iAmDownloading = 1;
    record.packets.downloading = 8;
    record.packets.downloadComplete = 20;
    record.packets.downloadFailed = 300;
    record.packets.applicationDefined = 4000;
    record.packets.sentBytes = 4321;
    record.packets.received = 99;
    record.packets.iHaveDuplicate = 2;
    record.lan = {70, 6, 5, 4, 3, 2, 1};
    record.responseDelaysUs = {500'000, 300'000, 400'000};
    record.stalls = 1;
    record.refusals = {{"refused-from-peer", 2}};
    record.dropped = {{"too-long", 3}, {"off-link", 0}};
    record.uplinkBytes = 1950;
    record.catalogBytes = 75;
    record.simulatedUs = 60'000'000;
    record.events = 12345;
    record.wallUs = 250'000;
    return record;
}

RunRecord
UpdatesRecord()
{
    constexpr std::int64_t kHourUs = 3'600'000'000;
    constexpr std::int64_t kWeekUs = 168 * kHourUs;
    constexpr std::int64_t kDay11Us = 264 * kHourUs;
    const Place internet = Place::Internet();
    RunRecord record;
    record.scenario = "updates";
    record.policy = "robust";
    record.resources = {{"http://x.test/a.1.cab", 1000},
                        {"http://x.test/a.2.cab", 1000},
                        {"http://x.test/b.1.cab", 500}};
    record.nodes.resize(2);
    record.transfers = {
        {internet, Place::AtNode(1), 0, 1000, 1 * kHourUs, true},
        {Place::AtNode(1), Place::AtNode(0), 0, 1000, 8 * kHourUs + kHourUs / 2, true},
        {internet, Place::AtNode(0), 1, 1000, kWeekUs + 9 * kHourUs, true},
        {internet, Place::AtNode(0), 2, 500, kWeekUs + 10 * kHourUs, true},
    };
    record.simulatedUs = 288 * kHourUs;
    record.catalogBytes = 75;
    UpdateRecord& updates = record.updates.emplace();
    updates.releases = {{"a", 0, 0}, {"a", 1, kWeekUs}, {"b", 2, kWeekUs}};
    updates.installations = {{1, 0, 1 * kHourUs},
                             {0, 0, 8 * kHourUs + kHourUs / 2},
                             {0, 1, kWeekUs + 9 * kHourUs},
                             {0, 2, kWeekUs + 10 * kHourUs}};
    updates.on = {{1, 0, kHourUs},
                  {0, 8 * kHourUs, 9 * kHourUs},
                  {0, kWeekUs + 8 * kHourUs, kWeekUs + 10 * kHourUs},
                  {1, kDay11Us, kDay11Us + 4 * kHourUs}};
    updates.catalogs = {{kHourUs, 10}, {8 * kHourUs, 20}, {kWeekUs, 45}};
    updates.checks = {{"installed", 4}, {"failed: expired", 1}};
    return record;
}

RunRecord
EmptyRecord()
{
    RunRecord record;
    record.scenario = "empty";
    record.policy = "robust";
    record.resources = {{"http://x.test/a.cab", 1000}};
    record.nodes = {{{0}, 0, 0}};
    return record;
}

Request
DirectRequest(std::uint32_t node,
              std::uint32_t resource,
              std::int64_t askedAtUs,
              std::int64_t endedAtUs)
{
    return {node, resource, askedAtUs, askedAtUs, endedAtUs, RequestEnd::FoundInternet, ""};
}

} // namespace lanpeer::analysis
