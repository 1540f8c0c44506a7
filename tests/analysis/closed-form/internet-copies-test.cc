#include "analysis/closed-form/internet-copies.h"

#include "analysis/closed-form/response-delay.h"
#include "analysis/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <stdexcept>
#include <vector>

// The rules of the three policies, drawn on a time line: who hears what before he decides.

namespace lanpeer::analysis
{
namespace
{

/// Draws instants and delays, and decides for each node in the order of time.
class TimeLine
{
  public:
    explicit TimeLine(const CopiesCase& what)
        : m_what(what)
        , m_waitMs(what.delayMaxMs + what.allowanceMs)
    {
    }

    double Fig4a()
    {
        const std::vector<double> asks = DrawAsks();
        const double offeredMs = asks.front() + m_waitMs + m_what.retrievalMs;
        return static_cast<double>(std::count_if(
            asks.begin(), asks.end(), [&](double askMs) { return askMs < offeredMs; }));
    }

    double Fig4b()
    {
        std::vector<double> starts; // of those who fetch
        for (const double askMs : DrawAsks())
        {
            if (!IsServed(starts, askMs))
            {
                starts.push_back(askMs + m_waitMs);
            }
        }
        return static_cast<double>(starts.size());
    }

    double Robust()
    {
        std::vector<double> starts;
        for (const double askMs : DrawAsks())
        {
            starts.push_back(askMs + m_waitMs + Uniform() * m_what.delayMaxMs);
        }
        std::sort(starts.begin(), starts.end());
        double copies = 0;
        double heardMs = HUGE_VAL;
        for (const double startMs : starts)
        {
            if (startMs < heardMs || copies == 0)
            {
                ++copies;
                heardMs = std::min(heardMs, startMs + m_what.propagationMs);
            }
        }
        return copies;
    }

  private:
    double Uniform()
    {
        return m_uniform(m_engine);
    }

    std::vector<double> DrawAsks()
    {
        std::vector<double> asks(m_what.nodes, 0.0);
        double atMs = 0;
        for (double& ask : asks)
        {
            atMs -= std::log(1.0 - Uniform()) * m_what.windowMs / m_what.nodes;
            ask = m_what.arrivals == Arrivals::Poisson   ? atMs
                  : m_what.arrivals == Arrivals::Uniform ? Uniform() * m_what.windowMs
                                                         : 0.0;
        }
        std::sort(asks.begin(), asks.end());
        return asks;
    }

    /// Whether who asks then finds a copy, or a download to wait for.
    bool IsServed(const std::vector<double>& starts, double askMs)
    {
        const double timeOutMs = askMs + m_waitMs;
        bool waits = false;
        for (const double startMs : starts)
        {
            const double endMs = startMs + m_what.retrievalMs;
            const double heardMs = startMs + m_what.propagationMs;
            const double answerMs = askMs + Uniform() * m_what.delayMaxMs;
            const bool knew = startMs <= askMs; // it heard "I need" while it had it, or fetched it
            if (endMs <= askMs || (knew && endMs <= answerMs))
            {
                return true;
            }
            const bool heard = knew || heardMs < timeOutMs;
            waits = waits || (heard && endMs > timeOutMs);
        }
        return waits;
    }

    CopiesCase m_what;
    double m_waitMs;
    std::mt19937_64 m_engine{31};
    std::uniform_real_distribution<double> m_uniform{0.0, 1.0};
};

std::vector<double>
Drawn(const CopiesCase& what, double (TimeLine::*policy)(), int rounds = 8000)
{
    TimeLine line(what);
    std::vector<double> sample;
    for (int i = 0; i < rounds; ++i)
    {
        sample.push_back((line.*policy)());
    }
    return sample;
}

const std::vector<CopiesCase> kCases = {
    // arrivals, n, W, D, T, R, d
    {Arrivals::Uniform, 50, 60'000, 2000, 200, 5000, 0.06},
    {Arrivals::Uniform, 20, 3000, 2000, 200, 700, 30},
    {Arrivals::Uniform, 7, 1000, 2000, 200, 300, 100},
    {Arrivals::Uniform, 10, 20'000, 2000, 2000, 1000, 5},
    {Arrivals::Poisson, 50, 60'000, 2000, 200, 5000, 0.06},
    {Arrivals::Poisson, 40, 20'000, 2000, 200, 500, 60},
    {Arrivals::Poisson, 300, 10'000, 200, 50, 100, 3},
};

TEST(InternetCopies, Fig4aAgreesWithDraws)
{
    RecordProperty("requirement", "R-SIM-8 R-CLI-3");
    for (const CopiesCase& what : kCases)
    {
        const auto sample = Drawn(what, &TimeLine::Fig4a);
        const Bounds copies = Fig4aCopies(what);
        EXPECT_EQ(copies.low, copies.high) << "exact where copies do not slow each other";
        EXPECT_TRUE(AgreesWith(sample, copies.low))
            << what.nodes << " nodes: drawn " << Mean(sample) << ", formula " << copies.low;
        CopiesCase longer = what;
        longer.retrievalMs *= 1.2;
        longer.windowMs *= 0.97;
        if (copies.low < what.nodes)
        {
            EXPECT_FALSE(AgreesWith(sample, Fig4aCopies(longer).low)) << what.nodes;
        }
    }
}

TEST(InternetCopies, Fig4bLiesBetweenItsBounds)
{
    RecordProperty("requirement", "R-SIM-8 R-CLI-4 R-CLI-10");
    for (const CopiesCase& what : kCases)
    {
        const auto sample = Drawn(what, &TimeLine::Fig4b);
        const Bounds copies = Fig4bCopies(what);
        const Interval mean = MeanInterval(sample, 0.999);
        EXPECT_LE(copies.low, mean.high) << what.nodes << " nodes: drawn " << Mean(sample);
        EXPECT_GE(copies.high, mean.low) << what.nodes << " nodes: drawn " << Mean(sample);
        EXPECT_LE(copies.high, Fig4aCopies(what).high) << "waiting never costs a copy";
    }
}

TEST(InternetCopies, Fig4bBoundsAreTight)
{
    RecordProperty("requirement", "R-SIM-8");
    // Two nodes and a short retrieval: who straddles fetches, almost whoever it is.
    CopiesCase what{Arrivals::Uniform, 2, 10'000, 50, 2000, 10, 1};
    const auto sample = Drawn(what, &TimeLine::Fig4b, 40'000);
    const Bounds copies = Fig4bCopies(what);
    EXPECT_NEAR(copies.low, Mean(sample), 0.02);
    EXPECT_NEAR(copies.high, Mean(sample), 0.02);
}

TEST(InternetCopies, RobustAgreesWithDraws)
{
    RecordProperty("requirement", "R-SIM-8 R-CLI-8");
    std::vector<CopiesCase> cases = kCases;
    cases.push_back({Arrivals::Simultaneous, 60, 0, 2000, 200, 100, 50});
    cases.push_back({Arrivals::Uniform, 12, 500, 0, 200, 100, 50});
    cases.push_back({Arrivals::Poisson, 30, 5000, 0, 200, 100, 50});
    for (const CopiesCase& what : cases)
    {
        const auto sample = Drawn(what, &TimeLine::Robust);
        const Bounds copies = RobustCopies(what);
        EXPECT_NEAR(copies.low, copies.high, 1e-6) << what.nodes;
        if (*std::max_element(sample.begin(), sample.end()) > 1)
        {
            EXPECT_TRUE(AgreesWith(sample, copies.low))
                << what.nodes << " nodes: drawn " << Mean(sample) << ", formula " << copies.low;
        }
        if (what.propagationMs >= 3) // else ties are rare, and draws tell nothing apart
        {
            CopiesCase slower = what;
            slower.propagationMs *= 1.5;
            EXPECT_FALSE(AgreesWith(sample, RobustCopies(slower).low)) << what.nodes;
        }
    }
}

TEST(InternetCopies, RobustOfAProcessThatEndsSoonLiesBetweenItsBounds)
{
    RecordProperty("requirement", "R-SIM-8");
    // Four nodes that all ask within one pause.
    const CopiesCase what{Arrivals::Poisson, 4, 2000, 2000, 200, 500, 100};
    const Bounds copies = RobustCopies(what);
    const Interval mean = MeanInterval(Drawn(what, &TimeLine::Robust), 0.999);
    EXPECT_LT(copies.low, copies.high);
    EXPECT_LE(copies.low, mean.high);
    EXPECT_GE(copies.high, mean.low);
}

TEST(InternetCopies, AsksAgreeWithDraws)
{
    RecordProperty("requirement", "R-SIM-8");
    // fig4a with no time to retrieve counts those that ask within one wait of the first.
    for (CopiesCase what : kCases)
    {
        what.retrievalMs = 1e-9;
        EXPECT_TRUE(AgreesWith(Drawn(what, &TimeLine::Fig4a),
                               AsksWithin(what, what.delayMaxMs + what.allowanceMs)));
    }
    CopiesCase two{Arrivals::Uniform, 2, 1000, 200, 0, 1, 0};
    // |A - B| of two uniform ones lies between a and b with (1-a)^2 - (1-b)^2.
    EXPECT_NEAR(SomebodyAsks(two, 200, 500), 0.64 - 0.25, 1e-12);
    EXPECT_NEAR(SomebodyAsks(two, 0, 5000), 1.0, 1e-12);
    two.arrivals = Arrivals::Poisson; // the second comes after an exponential time of mean W/2
    EXPECT_NEAR(SomebodyAsks(two, 200, 500), std::exp(-0.4) - std::exp(-1.0), 1e-12);
}

TEST(InternetCopies, KnownLimits)
{
    RecordProperty("requirement", "R-SIM-8");
    for (const Arrivals arrivals : {Arrivals::Simultaneous, Arrivals::Uniform, Arrivals::Poisson})
    {
        CopiesCase one{arrivals, 1, 60'000, 2000, 200, 5000, 0.06};
        for (const auto& policy : {Fig4aCopies, Fig4bCopies, RobustCopies})
        {
            EXPECT_DOUBLE_EQ(policy(one).low, 1.0);
            EXPECT_DOUBLE_EQ(policy(one).high, 1.0);
        }
    }
    const CopiesCase crowd{Arrivals::Simultaneous, 60, 0, 2000, 200, 5000, 0.06};
    EXPECT_EQ(Fig4aCopies(crowd).low, 60.0);
    EXPECT_EQ(Fig4bCopies(crowd).low, 60.0);
    EXPECT_EQ(Fig4bCopies(crowd).high, 60.0);
    EXPECT_DOUBLE_EQ(RobustCopies(crowd).low, ExpectedIHaves(60, 0.06, 2000));
    const CopiesCase slow{Arrivals::Uniform, 60, 1e12, 2000, 200, 5000, 0.06};
    EXPECT_NEAR(Fig4aCopies(slow).high, 1.0, 1e-5);
    EXPECT_NEAR(Fig4bCopies(slow).high, 1.0, 1e-5);
    EXPECT_NEAR(RobustCopies(slow).high, 1.0, 1e-5);
}

TEST(InternetCopies, WhatWasSimulatedLiesBetweenTheBounds)
{
    RecordProperty("requirement", "R-SIM-7 R-SIM-8");
    // results/office.md: 50 nodes within 60 s, six files at once over 1.5 Mb/s; all 300 copies may
    // share the line. Alone, the smallest file takes 0.085 s, the largest 4.85 s.
    const CopiesCase smallest{Arrivals::Uniform, 50, 60'000, 2000, 200, 85, 0.06, 300};
    const CopiesCase largest{Arrivals::Uniform, 50, 60'000, 2000, 200, 4853, 0.06, 300};
    EXPECT_LE(Fig4aCopies(smallest).low, 43.79);
    EXPECT_GE(Fig4aCopies(largest).high, 43.79);
    EXPECT_LE(Fig4bCopies(smallest).low, 1.61);
    EXPECT_LE(Fig4bCopies(largest).low, 1.61);
    EXPECT_GE(Fig4bCopies(largest).high, 1.61);
    EXPECT_NEAR(RobustCopies(largest).high, 1.00, 0.005);
    // results/flash-crowd.md: 60 nodes at one instant.
    const CopiesCase crowd{Arrivals::Simultaneous, 60, 0, 2000, 200, 85, 0.06};
    EXPECT_EQ(Fig4aCopies(crowd).low, 60.0);
    EXPECT_EQ(Fig4bCopies(crowd).low, 60.0);
    EXPECT_NEAR(RobustCopies(crowd).high, 1.00, 0.005);
}

TEST(InternetCopies, WhatMakesNoSenseIsRefused)
{
    RecordProperty("requirement", "R-SIM-8");
    EXPECT_THROW(Fig4aCopies({Arrivals::Uniform, 0}), std::invalid_argument);
    EXPECT_THROW(Fig4bCopies({Arrivals::Uniform, 5, -1.0}), std::invalid_argument);
    EXPECT_THROW(RobustCopies({Arrivals::Uniform, 5, 1.0, 2000, 200, 0.0}), std::invalid_argument);
}

} // namespace
} // namespace lanpeer::analysis
