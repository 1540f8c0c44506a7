#include "model/protocol/reason.h"

#include <gtest/gtest.h>

#include <set>

namespace lanpeer
{
namespace
{

TEST(ReasonTest, NamesAndMeaningsAreUnique)
{
    std::set<std::string_view> names;
    std::set<std::string_view> meanings;
    for (const ReasonRow& row : ReasonTable())
    {
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        EXPECT_TRUE(meanings.insert(row.meaning).second) << row.meaning;
        EXPECT_FALSE(row.meaning.empty()) << row.name;
        EXPECT_EQ(ToString(row.reason), row.name);
        EXPECT_EQ(GroupOf(row.reason), row.group);
    }
    EXPECT_EQ(names.size(), kReasons);
}

TEST(ReasonTest, NamesAreWordsAndHyphens)
{
    for (const ReasonRow& row : ReasonTable())
    {
        EXPECT_EQ(row.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
                  std::string_view::npos)
            << row.name;
        EXPECT_NE(row.name.front(), '-');
        EXPECT_NE(row.name.back(), '-');
    }
}

TEST(ReasonTest, GroupsStandTogetherAndHaveNames)
{
    std::set<std::string_view> groups;
    auto last = ReasonGroup::Failure;
    for (const ReasonRow& row : ReasonTable())
    {
        EXPECT_GE(row.group, last) << row.name;
        last = row.group;
        groups.insert(ToString(row.group));
    }
    EXPECT_EQ(groups, (std::set<std::string_view>{"failure", "refusal", "drop", "note"}));
}

} // namespace
} // namespace lanpeer
