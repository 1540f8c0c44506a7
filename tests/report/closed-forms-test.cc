#include "analysis/closed-form/response-delay.h"
#include "analysis/report/closed-forms.h"
#include "analysis/report/expected-spread.h"
#include "analysis/report/measures.h"
#include "scenarios/report-world.h"
#include "tests/report/sample-sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

// What paper says beside the simulation: where its assumptions hold, and why not elsewhere.

namespace lanpeer::report
{
namespace
{

using analysis::StoredRun;
using Json = nlohmann::ordered_json;
using testing::HasSubstr;

class ReportForms : public testing::Test
{
  protected:
    ReportForms()
    {
        RecordProperty("requirement", "R-SIM-10");
        m_world.nodes = 4;
        m_world.askers = 4;
        m_world.resourceBytes = {1000, 500};
    }

    Json Model(const std::vector<StoredRun>& runs) const
    {
        RunSource source = SourceOf(runs);
        source.world = [this](const analysis::RunKey&)
        {
            return std::optional(m_world);
        };
        return BuildModel(source, std::nullopt);
    }

    Json Model() const
    {
        return Model({SampleRun({}, "robust", 1, 1)});
    }

    /// The form of a measure that goes by that name; null if there is none.
    static Json Form(const Json& model, const std::string& measure, const std::string& name)
    {
        for (const Json& form : model["closed_forms"])
        {
            if (form["measure"] == MeasureAt(measure) && form["name"] == name)
            {
                return form;
            }
        }
        return nullptr;
    }

    /// What is said of a measure without a form; "" where nothing is.
    static std::string Told(const Json& model, const Json& measure)
    {
        for (const Json& none : model["no_closed_form"])
        {
            if (none[0] == measure)
            {
                return none[1];
            }
        }
        return "";
    }

    World m_world;
};

TEST_F(ReportForms, NothingIsLessThanOneCopy)
{
    const Json model = Model();
    const Json copies = Form(model, "copies", "least: one copy of each");
    ASSERT_FALSE(copies.is_null());
    EXPECT_EQ(copies["policy"], nullptr);
    EXPECT_EQ(copies["rows"], Json::parse("[[[],1,1]]"));
    const Json& measure = model["measures"][MeasureAt("internet_bytes")];
    ASSERT_EQ(measure["unit"], "kB");
    EXPECT_EQ(Form(model, "internet_bytes", "least: one copy of each")["rows"],
              Json::parse("[[[],1.5,1.5]]"));
    m_world.holders = 1;
    EXPECT_EQ(Told(Model(), MeasureAt("internet_bytes")),
              "No least that must come over the Internet: somebody holds it at the start.");
}

TEST_F(ReportForms, TheTimeToFinishHasABoundWhereAllAskAtOnce)
{
    EXPECT_THAT(Told(Model(), MeasureAt("finish_s.last")), HasSubstr("not ask at one instant"));
    m_world.atOnce = true;
    m_world.uplinkKbps = 1; // 12 kbit
    const Json model = Model();
    EXPECT_EQ(Told(model, MeasureAt("finish_s.last")), "");
    const Json form = Form(model, "finish_s.last", "least, by maximum flow");
    ASSERT_FALSE(form.is_null());
    EXPECT_NEAR(form["rows"][0][1].get<double>(), 12.0, 1e-3);
}

TEST_F(ReportForms, AnswersAreThoseToOneNode)
{
    m_world.holders = 3;
    EXPECT_TRUE(Form(Model(), "response_delay_ms.mean", "closed form D/(k+1)").is_null());
    EXPECT_THAT(Told(Model(), MeasureAt("response_delay_ms.mean")),
                HasSubstr("No closed form: several nodes ask"));
    EXPECT_THAT(Told(Model(), MeasureAt("i_have_per_i_need")), HasSubstr("several nodes ask"));
    m_world.askers = 1;
    EXPECT_FALSE(Form(Model(), "response_delay_ms.mean", "closed form D/(k+1)").is_null());
    EXPECT_EQ(Told(Model(), MeasureAt("response_delay_ms.mean")), "");
}

TEST_F(ReportForms, LostFramesChangeTheAnswers)
{
    m_world.holders = 3;
    m_world.askers = 1;
    m_world.lossPerCable = 0.2;
    const analysis::LossyAnswers expected =
        analysis::ExpectedAnswers({3, m_world.delayMs, 2 * WayMs(m_world), 0.2});
    const Json model = Model();
    const Json delay = Form(model, "response_delay_ms.mean", "closed form, with loss");
    ASSERT_FALSE(delay.is_null());
    EXPECT_NEAR(delay["rows"][0][1].get<double>(), expected.delayMs, 0.01);
    EXPECT_GT(expected.delayMs, 2000.0 / (3 + 1) + 10);
    EXPECT_NEAR(Form(model, "i_have_per_i_need", "closed form, with loss")["rows"][0][1],
                expected.sent,
                1e-4);
}

TEST_F(ReportForms, SayWhyThereIsNoneOfCopies)
{
    m_world.noCopies = "frames are lost";
    const Json model = Model();
    EXPECT_EQ(Told(model, MeasureAt("copies")), "No closed form of robust: frames are lost.");
    EXPECT_THAT(model["replays"]["spread"]["none"].get<std::string>(),
                HasSubstr("expected spread of copies: frames are lost."));
}

TEST_F(ReportForms, OfTooManySettingsSaySo)
{
    std::vector<StoredRun> runs(501, SampleRun({}, "robust", 2, 1));
    for (std::size_t i = 0; i < runs.size(); ++i)
    {
        runs[i].key.parameters = {{"lan.nodes", std::to_string(i)}};
    }
    const Json many = Model(runs);
    EXPECT_TRUE(many["closed_forms"].empty());
    EXPECT_THAT(Told(many, nullptr), HasSubstr("more than 500 settings"));
    runs.pop_back();
    const Json fewer = Model(runs);
    EXPECT_FALSE(fewer["closed_forms"].empty());
    EXPECT_EQ(Told(fewer, nullptr), "");
}

TEST_F(ReportForms, OfAnUnknownScenarioSaySo)
{
    const std::vector<StoredRun> runs = {SampleRun({}, "robust", 1, 1)};
    RunSource source = SourceOf(runs);
    source.world = nullptr;
    const Json model = BuildModel(source, std::nullopt);
    EXPECT_TRUE(model["closed_forms"].empty());
    EXPECT_THAT(Told(model, nullptr), HasSubstr("1 of 1 settings: their scenario is not known"));
}

TEST_F(ReportForms, ExpectCopiesToSpread)
{
    m_world.copies = analysis::CopiesCase();
    m_world.copies->nodes = 4;
    m_world.copies->arrivals = analysis::Arrivals::Simultaneous;
    m_world.rateMbps = 0.012 / 1.0; // a copy a second over a cable
    m_world.delayMs = m_world.copies->delayMaxMs = 2000;
    m_world.copies->allowanceMs = 200;
    m_world.uplinkKbps = 12;
    const Json spread = ExpectedSpreadJson(m_world, 10);
    // 2 s + 0.2 s + 2 s / 5, 1 s over the line; a step is 2 s, in which a cable carries two.
    EXPECT_NEAR(spread["step_s"].get<double>(), 2.0, 1e-9);
    ASSERT_GE(spread["points"].size(), 4U);
    EXPECT_EQ(spread["points"][1], Json::parse("[3.6,1]"));
    EXPECT_EQ(spread["points"][2], Json::parse("[5.6,3]"));
    EXPECT_EQ(spread["points"][3], Json::parse("[7.6,4]"));
    // As they come: who asked before the first copy is served with the first step.
    m_world.copies->arrivals = analysis::Arrivals::Poisson;
    m_world.copies->windowMs = 4000;
    const Json slow = ExpectedSpreadJson(m_world, 60)["points"];
    EXPECT_EQ(slow[1], Json::parse("[4.2,1]"));
    EXPECT_GT(slow[2][1].get<double>(), 3.5); // of 6 that came in the mean
    EXPECT_NEAR(slow.back()[1].get<double>(), 4.0, 1e-3);
    m_world.copies->nodes = 401;
    EXPECT_THAT(ExpectedSpreadJson(m_world, 60)["none"].get<std::string>(), HasSubstr("400 nodes"));
}

TEST_F(ReportForms, CopiesSpreadUntilTheRunOfRobustEnded)
{
    m_world.copies = analysis::CopiesCase();
    m_world.copies->nodes = 4;
    std::vector<StoredRun> runs = {SampleRun({}, "direct", 1, 4), SampleRun({}, "robust", 1, 1)};
    Json course = Json::parse(runs[0].replay);
    course["asks"][0][3] = 4000; // a hundred times as long
    runs[0].replay = course.dump();
    const Json replays = Model(runs)["replays"];
    ASSERT_EQ(replays["runs"][0]["end_s"], 4000);
    const Json& points = replays["spread"]["points"];
    EXPECT_NEAR(points.back()[0].get<double>(), replays["runs"][1]["end_s"].get<double>(), 2.0);
}

TEST_F(ReportForms, KnowTheScenarioOfARun)
{
    using scenario::ReportWorld;
    const std::string text = "about: x\nlan: {nodes: 10, loss: 0}\n"
                             "workload: {arrival: simultaneous, holders: 2, requesters: 3}\n";
    const auto some = ReportWorld(text, {"x", {{"lan.loss", "0.01"}}, "robust", 1, 1});
    ASSERT_TRUE(some);
    EXPECT_EQ(some->nodes, 10U);
    EXPECT_EQ(some->holders, 2U);
    EXPECT_EQ(some->askers, 3U);
    EXPECT_TRUE(some->atOnce);
    EXPECT_EQ(some->lossPerCable, 0.01);
    EXPECT_FALSE(some->copies);
    const std::string all = "about: x\nlan: {nodes: 10}\n";
    const auto everybody = ReportWorld(all, {"x", {}, "robust", 1, 1});
    ASSERT_TRUE(everybody);
    EXPECT_TRUE(everybody->copies);
    EXPECT_EQ(everybody->noCopies, "");
    EXPECT_EQ(everybody->askers, 10U);
    EXPECT_FALSE(everybody->atOnce);
    // Six resources: five at a time are not "everybody asks once".
    const auto few = ReportWorld(all, {"x", {{"protocol.parallel_requests", "5"}}, "robust", 1, 1});
    ASSERT_TRUE(few);
    EXPECT_FALSE(few->copies);
    EXPECT_THAT(few->noCopies, HasSubstr("no more than 5 resources at a time"));
    const auto wireless = ReportWorld(all, {"x", {{"lan.medium", "wifi"}}, "robust", 1, 1});
    EXPECT_EQ(wireless.value().noCopies, "broadcasts are lost in the air");
    EXPECT_FALSE(ReportWorld(all, {"x", {{"lan.segments", "2"}}, "robust", 1, 1}));
    EXPECT_FALSE(ReportWorld("nonsense: 1\n", {"x", {}, "robust", 1, 1}));
}

} // namespace
} // namespace lanpeer::report
