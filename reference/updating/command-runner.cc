#include "reference/updating/command-runner.h"

#include "reference/installation/after-install.h"
#include "reference/updating/durable-file.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <sys/eventfd.h>

namespace lanpeer::reference
{

namespace
{

constexpr std::uint64_t kBytesMax = 1U << 20U;

} // namespace

CommandRunner::CommandRunner(boost::asio::io_context& io, std::string file)
    : m_io(io)
    , m_file(std::move(file))
    , m_stop(::eventfd(0, EFD_CLOEXEC))
    , m_running(1)
{
}

CommandRunner::~CommandRunner()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ends = true;
    }
    ::eventfd_write(m_stop.Get(), 1);
    m_running.join();
}

void
CommandRunner::Use(const UpdateSettings& settings,
                   std::shared_ptr<const InstallFolder> folder,
                   Told told)
{
    const std::lock_guard lock(m_mutex);
    m_way = {settings.afterInstall, settings.afterInstallS, std::move(folder), std::move(told)};
}

CommandRunner::Way
CommandRunner::WayNow() const
{
    const std::lock_guard lock(m_mutex);
    return m_way;
}

// ---------------------------------------------------------------- what is due

void
CommandRunner::RunWhatIsDue()
{
    const Way way = WayNow();
    try
    {
        Due due = ReadDue();
        if (due.empty())
        {
            return;
        }
        // One that is not current was never put in place, or another is since.
        const auto isNotCurrent = [&way](const Due::value_type& its)
        {
            return way.command.empty() || way.folder->ReleaseOf(its.first) != its.second;
        };
        due.erase(std::remove_if(due.begin(), due.end(), isNotCurrent), due.end());
        WriteDue(due);
        {
            const std::lock_guard lock(m_mutex);
            m_due = due;
        }
        for (const auto& [set, release] : due)
        {
            Run(set, release);
        }
    }
    catch (const std::exception& error)
    {
        Tell(way, fmt::format("commands that are due do not run: {}", error.what()));
    }
}

CommandRunner::Due
CommandRunner::ReadDue() const
{
    const auto text = ReadText(m_file, kBytesMax);
    Due due;
    if (!text)
    {
        return due;
    }
    try
    {
        const auto json = nlohmann::json::parse(*text);
        for (const auto& its : json.at("due"))
        {
            due.emplace_back(its.at("set"), its.at("release"));
        }
    }
    catch (const nlohmann::json::exception& error)
    {
        WriteDue({});
        throw std::runtime_error(fmt::format("{}: damaged: {}", m_file, error.what()));
    }
    return due;
}

void
CommandRunner::WriteDue(const Due& due) const
{
    nlohmann::ordered_json json{{"due", nlohmann::ordered_json::array()}};
    for (const auto& [set, release] : due)
    {
        json["due"].push_back({{"set", set}, {"release", release}});
    }
    WriteDurably(m_file, json.dump() + "\n");
}

void
CommandRunner::SetDue(const std::string& set, const std::string& release)
{
    const std::lock_guard lock(m_mutex);
    if (m_way.command.empty())
    {
        return;
    }
    Due due = m_due;
    due.emplace_back(set, release);
    WriteDue(due);
    m_due = std::move(due);
}

void
CommandRunner::ClearDue(const std::string& set, const std::string& release)
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::find(m_due.begin(), m_due.end(), std::pair(set, release));
    if (found == m_due.end())
    {
        return;
    }
    m_due.erase(found);
    try
    {
        WriteDue(m_due);
    }
    catch (const std::exception& error)
    {
        Tell(m_way, fmt::format("{}: the command may run once more: {}", set, error.what()));
    }
}

// ---------------------------------------------------------------- running

void
CommandRunner::Run(const std::string& set, const std::string& release)
{
    boost::asio::post(m_running,
                      [this, set, release]
                      {
                          try
                          {
                              RunNow(set, release);
                          }
                          catch (const std::exception& error)
                          {
                              Tell(WayNow(), fmt::format("after {}: {}", set, error.what()));
                          }
                      });
}

void
CommandRunner::RunNow(const std::string& set, const std::string& release)
{
    Way way;
    {
        const std::lock_guard lock(m_mutex);
        if (m_ends)
        {
            return;
        }
        way = m_way;
    }
    AfterInstallReport ran;
    ran.succeeded = true;
    if (!way.command.empty())
    {
        ran = RunAfterInstall(way.command,
                              set,
                              release,
                              way.folder->CurrentOf(set),
                              std::chrono::seconds(way.seconds),
                              &m_stop);
    }
    {
        const std::lock_guard lock(m_mutex);
        if (m_ends && !ran.succeeded)
        {
            return; // it is due as before
        }
    }
    ClearDue(set, release);
    if (!ran.succeeded)
    {
        Tell(WayNow(), fmt::format("{}: after {}: {}", way.command.front(), set, ran.message));
    }
}

void
CommandRunner::Tell(const Way& way, std::string remark) const
{
    boost::asio::post(
        m_io, [told = way.told, remark = std::move(remark)]() mutable { told(std::move(remark)); });
}

} // namespace lanpeer::reference
