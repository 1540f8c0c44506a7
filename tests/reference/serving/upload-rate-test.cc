#include "reference/serving/upload-rate.h"

#include <gtest/gtest.h>

namespace lanpeer::reference
{
namespace
{

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(UploadRate, WithoutALimitEverythingMayLeaveRHttp3)
{
    RecordProperty("requirement", "R-HTTP-3");
    UploadRate rate(0, {});
    EXPECT_FALSE(rate.IsLimited());
    EXPECT_TRUE(rate.Allows(1'000'000'000, {}));
    rate.Take(1'000'000'000);
    EXPECT_TRUE(rate.Allows(1'000'000'000, {}));
    EXPECT_EQ(rate.UntilTurn(), microseconds(0));
}

TEST(UploadRate, ATenthOfASecondAtOnceThenByTimeRHttp3)
{
    RecordProperty("requirement", "R-HTTP-3");
    UploadRate::TimePoint now;
    UploadRate rate(1'000'000, now);
    EXPECT_EQ(rate.TurnBytes(), 20'000U);
    for (int turn = 0; turn < 5; ++turn)
    {
        ASSERT_TRUE(rate.Allows(1'000'000, now)) << turn;
        rate.Take(20'000);
    }
    EXPECT_FALSE(rate.Allows(1'000'000, now));
    EXPECT_FALSE(rate.Allows(1, now));
    EXPECT_EQ(rate.UntilTurn(), milliseconds(20));
    now += milliseconds(10);
    EXPECT_FALSE(rate.Allows(1'000'000, now));
    EXPECT_TRUE(rate.Allows(9'000, now)) << "the last bytes need no full turn";
    now += rate.UntilTurn();
    EXPECT_TRUE(rate.Allows(1'000'000, now));
}

TEST(UploadRate, WhatIsNotUsedIsNotSavedRHttp3)
{
    RecordProperty("requirement", "R-HTTP-3");
    UploadRate::TimePoint now;
    UploadRate rate(1'000'000, now);
    now += std::chrono::hours(1);
    std::uint64_t left = 0;
    while (rate.Allows(20'000, now))
    {
        rate.Take(20'000);
        left += 20'000;
    }
    EXPECT_EQ(left, 100'000U);
}

TEST(UploadRate, OverTimeItIsTheRateRHttp3)
{
    RecordProperty("requirement", "R-HTTP-3");
    for (const std::uint64_t bytesPerS : {1U, 7U, 1000U, 3'000'000U, 1'000'000'000U})
    {
        const UploadRate::TimePoint begin;
        UploadRate::TimePoint now = begin;
        UploadRate rate(bytesPerS, now);
        std::uint64_t left = 0;
        while (now - begin < std::chrono::seconds(10))
        {
            while (rate.Allows(rate.TurnBytes(), now))
            {
                rate.Take(rate.TurnBytes());
                left += rate.TurnBytes();
            }
            ASSERT_GT(rate.UntilTurn(), microseconds(0)) << "it would spin";
            now += rate.UntilTurn();
        }
        const double expected = 10.0 * static_cast<double>(bytesPerS);
        EXPECT_NEAR(static_cast<double>(left), expected, 0.02 * expected + 2) << bytesPerS;
    }
}

} // namespace
} // namespace lanpeer::reference
