#pragma once

#include <cstdint>
#include <optional>
#include <vector>

/// `lanpeer-sim timing`: which response delay D and allowance T to set on a LAN, by closed form and
/// beside it by simulation [0021]-[0026]. This room asks, chooses and tells; it simulates nothing.
namespace lanpeer::timing
{

/// What an engineer knows of the LAN, and what he will put up with.
struct Question
{
    std::uint32_t nodes = 50;           ///< n >= 2, the asker among them
    std::vector<std::uint32_t> holders; ///< k, 1 to n - 1 each; ascending, not empty
    std::vector<double> delaysMs;       ///< D to look at beside the chosen and the patent's, ms
    std::optional<double> allowanceMs;  ///< T to go with them, ms; none: the chosen one
    double latencyMs = 0.05;            ///< one way, from node to node, ms; that of a computer that
                                        ///< is slow to answer counts as such
    double spreadMs = 0;                ///< s >= 0: the round trip is uniform on [r, r + s], ms.
                                        ///< Of the formula of false time-outs alone
    double loss = 0;                    ///< probability, per cable passed and frame, in [0, 1)
    double duplicates = 1;              ///< at most so many "I have" after the first, in the mean
    double falseTimeOut = 0.01;         ///< at most this probability of a time-out although
                                        ///< somebody holds it, in (0, 1)
    std::uint64_t runs = 10;            ///< simulations for each line of the table, >= 2
    std::uint64_t seed = 1;
};

/// 1, 3, 10 and all but the asker, as far as there are so many.
std::vector<std::uint32_t> UsualHolders(std::uint32_t nodes);

constexpr double kPatentDelayMs = 2000;    ///< [0021]
constexpr double kPatentAllowanceMs = 200; ///< [0026]
constexpr double kRateMbps = 100;          ///< of every cable, as the key lan.rate_mbps has it
constexpr std::uint32_t kAsksPerRun = 50;  ///< one after the other, each for a resource of its own

} // namespace lanpeer::timing
