#include "analysis/metrics-json.h"
#include "sample-record.h"
#include "schema-validator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <stdexcept>

namespace lanpeer::analysis
{
namespace
{

using testing::ElementsAre;
using testing::IsEmpty;
using Json = nlohmann::json;

class SchemaTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-SIM-8");
        std::ifstream file(LANPEER_SOURCE_DIR "/analysis/schema.json");
        m_schema = Json::parse(file);
        m_object = Json::parse(ToJsonText({ComputeMetrics(SampleRecord())}));
    }

    std::vector<std::string> FaultsWith(const char* pointer, const Json& value) const
    {
        Json object = m_object;
        object[Json::json_pointer(pointer)] = value;
        return SchemaFaults(m_schema, object);
    }

    Json m_schema;
    Json m_object;
};

std::string
Below(const std::string& path, const std::string& key)
{
    return path + "/" + key;
}

/// All paths to what is no object, and to the objects too.
void
CollectPaths(const Json& value, const std::string& path, std::vector<std::string>& paths)
{
    for (const auto& [key, item] : value.items())
    {
        paths.push_back(Below(path, key));
        if (item.is_object())
        {
            CollectPaths(item, Below(path, key), paths);
        }
    }
}

TEST_F(SchemaTest, WhatIsProducedIsValid)
{
    EXPECT_THAT(SchemaFaults(m_schema, m_object), IsEmpty());
    EXPECT_THAT(SchemaFaults(m_schema, Json::parse(ToJsonText({ComputeMetrics(EmptyRecord())}))),
                IsEmpty());
}

TEST_F(SchemaTest, ItIsTheDraftItSays)
{
    EXPECT_EQ(m_schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

TEST_F(SchemaTest, EveryMissingKeyIsAFault)
{
    std::vector<std::string> paths;
    CollectPaths(m_object, "", paths);
    ASSERT_GT(paths.size(), 47U);
    for (const std::string& path : paths)
    {
        const Json::json_pointer pointer(path);
        const std::string holder = pointer.parent_pointer().to_string();
        if (holder == "/failures" || holder == "/refusals" || holder == "/dropped")
        {
            continue; // a reason that did not occur
        }
        Json object = m_object;
        object[pointer.parent_pointer()].erase(pointer.back());
        EXPECT_THAT(SchemaFaults(m_schema, object), ElementsAre(path + ": missing"));
    }
}

TEST_F(SchemaTest, EveryWrongTypeIsAFault)
{
    std::vector<std::string> paths;
    CollectPaths(m_object, "", paths);
    for (const std::string& path : paths)
    {
        EXPECT_THAT(FaultsWith(path.c_str(), Json::array()), ElementsAre(path + ": wrong type"));
    }
}

TEST_F(SchemaTest, EveryExtraKeyIsAFaultExceptAReason)
{
    std::vector<std::string> holders = {""};
    CollectPaths(m_object, "", holders);
    for (const std::string& holder : holders)
    {
        if (!m_object[Json::json_pointer(holder)].is_object())
        {
            continue;
        }
        const std::string path = holder + "/extra";
        if (holder == "/failures" || holder == "/refusals" || holder == "/dropped")
        {
            EXPECT_THAT(FaultsWith(path.c_str(), 1), IsEmpty());
            EXPECT_THAT(FaultsWith(path.c_str(), 0), ElementsAre(path + ": breaks minimum"));
            continue;
        }
        EXPECT_THAT(FaultsWith(path.c_str(), 1), ElementsAre(path + ": not in the schema"));
    }
}

TEST_F(SchemaTest, NullOnlyWhereThereMayBeNothingToMeasure)
{
    std::vector<std::string> nullable;
    std::vector<std::string> paths;
    CollectPaths(m_object, "", paths);
    for (const std::string& path : paths)
    {
        if (FaultsWith(path.c_str(), nullptr).empty())
        {
            nullable.push_back(path);
        }
    }
    // Exactly those that are null in a run in which nothing happened.
    const Json empty = Json::parse(ToJsonText({ComputeMetrics(EmptyRecord())}));
    std::vector<std::string> expected;
    std::vector<std::string> emptyPaths;
    CollectPaths(empty, "", emptyPaths);
    for (const std::string& path : emptyPaths)
    {
        if (empty[Json::json_pointer(path)].is_null())
        {
            expected.push_back(path);
        }
    }
    EXPECT_EQ(nullable, expected);
}

TEST_F(SchemaTest, Bounds)
{
    EXPECT_THAT(FaultsWith("/saved_fraction", -3.5), IsEmpty());
    EXPECT_THAT(FaultsWith("/saved_fraction", 1.01),
                ElementsAre("/saved_fraction: breaks maximum"));
    EXPECT_THAT(FaultsWith("/served/jain", 1.01), ElementsAre("/served/jain: breaks maximum"));
    EXPECT_THAT(FaultsWith("/nodes", -1), ElementsAre("/nodes: breaks minimum"));
    EXPECT_THAT(FaultsWith("/nodes", 1.5), ElementsAre("/nodes: wrong type"));
    EXPECT_THAT(FaultsWith("/run", 0), ElementsAre("/run: breaks minimum"));
    EXPECT_THAT(FaultsWith("/policy", ""), ElementsAre("/policy: breaks minLength"));
}

TEST_F(SchemaTest, AnUnknownKeywordIsNotPassedOver)
{
    m_schema["patternProperties"] = Json::object();
    EXPECT_THROW(SchemaFaults(m_schema, m_object), std::logic_error);
}

} // namespace
} // namespace lanpeer::analysis
