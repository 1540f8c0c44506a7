#include "scenarios/timing.h"

#include "model/lan/office-simulation.h"
#include "scenarios/output-file.h"
#include "scenarios/processes/run-in-processes.h"
#include "scenarios/progress-line.h"
#include "scenarios/timing/answer.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace lanpeer::scenario
{

namespace
{

using timing::Row;
using timing::Sample;

constexpr std::int64_t kFirstAskUs = 1'000'000;
constexpr std::uint64_t kResourceBytes = 100; ///< what is measured is who answers, not the fetching

/// The first k nodes hold everything, the last one asks, one after the other. The protocol is that
/// of the daemon, but that an asker that heard nobody goes to the Internet at once: in its pause it
/// would take a late answer, and the time-out could not be told from a timely one.
PeeringConfig
ProtocolOf(const Row& row)
{
    PeeringConfig protocol = PeeringConfig::Defaults(Policy::Robust);
    protocol.responseDelayMs = static_cast<std::uint64_t>(row.delayMs);
    protocol.transmissionAllowanceMs = static_cast<std::uint64_t>(row.allowanceMs);
    protocol.pause = false;
    protocol.parallelRequests = 1;
    // Asks in a row are single ones here: no budget is to add them up.
    constexpr std::uint64_t kPlenty = 1 << 20;
    protocol.sourceBurst = kPlenty;
    protocol.sourceRefillPerS = kPlenty;
    protocol.totalBurst = kPlenty;
    protocol.totalRefillPerS = kPlenty;
    return protocol;
}

lan::OfficeConfig
OfficeOf(const timing::Question& question, const Row& row)
{
    lan::OfficeConfig office;
    office.scenario = "timing";
    office.policy = std::string(ToString(Policy::Robust));
    office.seed = question.seed;
    office.network.nodes = question.nodes;
    office.network.rateMbps = timing::kRateMbps;
    office.network.latencyUs = question.latencyMs * 1e3 / 2.0;
    office.network.loss = question.loss;
    office.network.uplink = *lan::FindUplinkPreset("fast");
    office.protocol = ProtocolOf(row);
    for (std::uint32_t i = 0; i < timing::kAsksPerRun; ++i)
    {
        office.resources.push_back({fmt::format("r{:03}.cab", i), kResourceBytes});
    }
    office.holders = row.holders;
    const std::uint32_t asker = question.nodes - 1;
    office.askers = [asker](const std::function<double()>&)
    {
        return std::vector<lan::OfficeConfig::Asker>{{asker, kFirstAskUs}};
    };
    return office;
}

Sample
SampleOf(const analysis::RunRecord& record)
{
    Sample sample;
    sample.asks = record.packets.iNeed;
    sample.found = record.packets.iFound;
    sample.answered = record.responseDelaysUs.size();
    sample.duplicates = record.packets.iHaveDuplicate;
    const std::int64_t sumUs = std::accumulate(
        record.responseDelaysUs.begin(), record.responseDelaysUs.end(), std::int64_t{0});
    sample.delaySumMs = static_cast<double>(sumUs) / 1e3;
    return sample;
}

/// By row, then by run.
std::vector<std::vector<Sample>>
SimulateAll(const TimingCommand& command, const std::vector<Row>& rows)
{
    const std::uint64_t runs = command.question.runs;
    ProgressLine progress(rows.size() * runs);
    std::vector<std::string> results;
    try
    {
        results = processes::RunInProcesses(
            rows.size() * runs,
            command.parallel,
            [&](std::size_t index, const processes::SayProgress&)
            {
                lan::OfficeConfig office = OfficeOf(command.question, rows[index / runs]);
                office.run = index + 1; // every row draws anew: one odd draw is not in all of them
                return timing::ToBytes(SampleOf(lan::OfficeSimulation(office).Run()));
            },
            [&progress](std::size_t index, double done) { progress.Heard(index, done); });
    }
    catch (const processes::JobFailed& failed)
    {
        progress.Clear();
        throw std::runtime_error(
            fmt::format("simulation {}: {}", failed.Index() + 1, failed.what()));
    }
    progress.Clear();
    std::vector<std::vector<Sample>> samples(rows.size());
    for (std::size_t index = 0; index < results.size(); ++index)
    {
        samples[index / runs].push_back(timing::SampleFromBytes(results[index]));
    }
    return samples;
}

} // namespace

int
Timing(const TimingCommand& command)
{
    // What can't be written is said before the simulations, not after.
    const bool toFile = command.json && *command.json != "-";
    const auto file = toFile ? std::make_unique<OutputFile>(*command.json) : nullptr;

    timing::Answer answer;
    answer.question = command.question;
    answer.times = timing::TimesOn(command.question.latencyMs, timing::kRateMbps);
    answer.choice = timing::Choose(command.question, answer.times);
    const std::vector<Row> rows = timing::RowsOf(command.question, answer.times, answer.choice);
    const std::vector<std::vector<Sample>> samples = SimulateAll(command, rows);
    for (std::size_t i = 0; i < rows.size(); ++i)
    {
        answer.rows.push_back(timing::Summarize(rows[i], samples[i]));
    }
    if (file)
    {
        file->Write(timing::JsonOf(answer));
        file->Finish();
        file->Commit();
    }
    fmt::print("{}", command.json == "-" ? timing::JsonOf(answer) : timing::TextOf(answer));
    return std::fflush(stdout) == 0 ? 0 : 1;
}

} // namespace lanpeer::scenario
