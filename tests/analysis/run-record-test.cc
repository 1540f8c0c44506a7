#include "analysis/run-record.h"
#include "sample-record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>

namespace lanpeer::analysis
{
namespace
{

using testing::HasSubstr;

/// What CheckRecord says to the sample after one change; empty: nothing.
std::string
Complaint(const std::function<void(RunRecord&)>& change)
{
    RunRecord record = SampleRecord();
    change(record);
    try
    {
        CheckRecord(record);
    }
    catch (const std::invalid_argument& error)
    {
        return error.what();
    }
    return "";
}

TEST(RunRecord, TheSampleIsSound)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_EQ(Complaint([](RunRecord&) {}), "");
}

TEST(RunRecord, NodesAndResourcesAreChecked)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_THAT(Complaint([](RunRecord& r) { r.nodes.clear(); }), HasSubstr("nodes[0]: there is"));
    EXPECT_THAT(Complaint([](RunRecord& r) { r.resources[1].href = r.resources[0].href; }),
                HasSubstr("resources[1]: named twice"));
    EXPECT_THAT(Complaint([](RunRecord& r) { r.nodes[2].wanted = {3}; }),
                HasSubstr("nodes[2]: wants an unknown"));
    EXPECT_THAT(Complaint(
                    [](RunRecord& r) {
                        r.nodes[2].wanted = {0, 0};
                    }),
                HasSubstr("nodes[2]: wants a resource twice"));
    EXPECT_THAT(Complaint([](RunRecord& r) { r.responseDelaysUs[1] = -1; }),
                HasSubstr("responseDelaysUs[1]"));
}

TEST(RunRecord, RequestsAreChecked)
{
    RecordProperty("requirement", "R-SIM-8");
    const auto complaint = [](const std::function<void(Request&)>& change)
    {
        return Complaint([&change](RunRecord& r) { change(r.requests[3]); });
    };
    EXPECT_THAT(complaint([](Request& q) { q.node = 4; }), HasSubstr("requests[3]: unknown node"));
    EXPECT_THAT(complaint([](Request& q) { q.resource = 3; }), HasSubstr("unknown resource"));
    EXPECT_THAT(complaint([](Request& q) { q.resource = 2; }), HasSubstr("does not want"));
    EXPECT_THAT(complaint([](Request& q) { q.askedAtUs = -1; }), HasSubstr("asked before the run"));
    EXPECT_THAT(complaint([](Request& q) { q.end = RequestEnd::Running; }),
                HasSubstr("an end needs its time"));
    EXPECT_THAT(complaint([](Request& q) { q.endedAtUs = std::nullopt; }),
                HasSubstr("an end needs its time"));
    EXPECT_THAT(complaint([](Request& q) { q.endedAtUs = 9'999'999; }),
                HasSubstr("ended before asked"));
    EXPECT_THAT(complaint([](Request& q) { q.sourceChosenAtUs = 9'999'999; }),
                HasSubstr("chosen before asked"));
    EXPECT_THAT(complaint([](Request& q) { q.sourceChosenAtUs = 10'900'001; }),
                HasSubstr("chosen after the end"));
    EXPECT_THAT(complaint([](Request& q) { q.sourceChosenAtUs = std::nullopt; }),
                HasSubstr("without a source"));
    EXPECT_THAT(complaint([](Request& q) { q.reason = "cancelled"; }),
                HasSubstr("a failure needs its reason"));
    EXPECT_THAT(complaint([](Request& q) { q.end = RequestEnd::Failed; }),
                HasSubstr("a failure needs its reason"));
}

TEST(RunRecord, TransfersAreChecked)
{
    RecordProperty("requirement", "R-SIM-8");
    const auto complaint = [](const std::function<void(Transfer&)>& change)
    {
        return Complaint([&change](RunRecord& r) { change(r.transfers[3]); });
    };
    EXPECT_THAT(complaint([](Transfer& t) { t.from = Place::AtNode(4); }),
                HasSubstr("transfers[3]: from nowhere"));
    EXPECT_THAT(complaint([](Transfer& t) { t.to = Place::AtNode(4); }), HasSubstr("to nowhere"));
    EXPECT_THAT(complaint([](Transfer& t) { t.to = Place::Internet(); }),
                HasSubstr("to the Internet"));
    EXPECT_THAT(complaint([](Transfer& t) { t.to = t.from; }), HasSubstr("to where it came from"));
    EXPECT_THAT(complaint([](Transfer& t) { t.resource = 3; }), HasSubstr("unknown resource"));
    EXPECT_THAT(complaint([](Transfer& t) { t.begunAtUs = -1; }), HasSubstr("before the run"));
    EXPECT_THAT(complaint([](Transfer& t) { t.begunAtUs = t.endedAtUs + 1; }),
                HasSubstr("ended before it began"));
}

TEST(RunRecord, PlacesCompare)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_EQ(Place::AtNode(1), Place::AtNode(1));
    EXPECT_NE(Place::AtNode(1), Place::AtNode(2));
    EXPECT_NE(Place::AtNode(0), Place::Internet());
    EXPECT_NE(Place::Proxy(), Place::Internet());
}

} // namespace
} // namespace lanpeer::analysis
