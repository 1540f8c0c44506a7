#include "model/protocol/request-index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace lanpeer
{
namespace
{

RequestKey
KeyOf(std::uint32_t id)
{
    return {*NodeId::Parse("n1"), id, std::nullopt};
}

/// The bound is not exceeded, be it odd or even; and no less than half of it is remembered.
TEST(RequestIndexTest, RemembersAsManyAsItMayAndNoMore)
{
    RecordProperty("requirement", "R-SRV-5");
    for (std::size_t bound = 2; bound <= 9; ++bound)
    {
        RequestIndex index;
        for (std::uint32_t id = 0; id < 50; ++id)
        {
            index.Add(KeyOf(id), 0);
            index.End(KeyOf(id), bound);
            EXPECT_LE(index.EndedCount(), bound);
            EXPECT_GE(index.EndedCount(), std::min<std::size_t>(id + 1, bound / 2)) << bound;
            std::uint32_t slot = 0;
            EXPECT_EQ(index.StateOf(KeyOf(id), slot), ServerState::Remembered);
        }
    }
}

} // namespace
} // namespace lanpeer
