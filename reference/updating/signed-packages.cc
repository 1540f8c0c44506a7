#include "reference/updating/signed-packages.h"

#include "model/protocol/update/update-judgement.h"
#include "reference/service/peering-service.h"
#include "reference/updating/look.h"
#include "reference/updating/memory-file.h"
#include "reference/updating/updater.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <spdlog/spdlog.h>
#include <string>
#include <utility>
#include <vector>

namespace lanpeer::reference
{

namespace
{

/// Of several large ones, one does not keep the others waiting.
constexpr std::size_t kThreads = 2;

} // namespace

class SignedPackages::Inside : public std::enable_shared_from_this<Inside>
{
  public:
    /// A body that somebody waits for.
    struct Asked
    {
        std::string url;
        Body body;
        std::function<void(const std::string& refused)> answer;
    };

    Inside(boost::asio::io_context& io,
           const UpdateSettings& settings,
           std::shared_ptr<const Updater> updater)
        : m_io(io)
        , m_settings(settings)
        , m_roots(ReadRoots(settings))
        , m_updater(std::move(updater))
        , m_looking(kThreads)
    {
        if (!m_updater)
        {
            ReadMemory read = ReadMemoryFile(settings.memoryFile);
            if (!read.damage.empty())
            {
                spdlog::warn("what was remembered of updates is damaged: {}", read.damage);
            }
            m_memory = std::move(read.memory);
        }
    }

    void Stop()
    {
        m_looking.stop(); // what has not begun is not looked at any more
        m_looking.join();
    }

    void Judge(const std::string& url,
               const Body& body,
               std::function<void(const std::string& refused)> answer)
    {
        const std::uint64_t number = ++m_lastNumber;
        m_asked.emplace(number, Asked{url, body, std::move(answer)});
        boost::asio::post(m_looking,
                          [weak = weak_from_this(),
                           &io = m_io,
                           url,
                           body,
                           number,
                           roots = m_roots,
                           weakKeys = m_settings.allowWeakKeys,
                           believed = BelievedNow()]
                          {
                              const Looked looked =
                                  LookAt(false, body, roots, weakKeys, believed.asOfS);
                              boost::asio::post(
                                  io,
                                  [weak, number, refused = Refused(url, looked, believed.revoked)]
                                  {
                                      if (const auto self = weak.lock())
                                      {
                                          self->Answer(number, refused);
                                      }
                                  });
                          });
    }

    /// Another has to answer them.
    std::vector<Asked> Unanswered()
    {
        std::vector<Asked> all;
        for (auto& [number, asked] : std::exchange(m_asked, {}))
        {
            all.push_back(std::move(asked));
        }
        return all;
    }

  private:
    void Answer(std::uint64_t number, const std::string& refused)
    {
        if (const auto asked = m_asked.extract(number))
        {
            asked.mapped().answer(refused);
        }
    }

    Believed BelievedNow() const
    {
        if (m_updater)
        {
            return m_updater->BelievedNow();
        }
        return {m_memory.revoked, TimeOf(NowS(m_settings), ConfigOf(m_settings), m_memory)};
    }

    /// \returns why, or nothing
    static std::string Refused(const std::string& url,
                               const Looked& looked,
                               const std::optional<RevocationList>& revoked)
    {
        const auto refusal = JudgeSignedPackage(url, looked.facts, revoked ? &*revoked : nullptr);
        return refusal ? RefusalText(refusal->reason, refusal->detail, looked.message) : "";
    }

    boost::asio::io_context& m_io;
    const UpdateSettings m_settings;
    const std::string m_roots; ///< PEM
    const std::shared_ptr<const Updater> m_updater;
    UpdateMemory m_memory; ///< without an updater
    std::map<std::uint64_t, Asked> m_asked;
    std::uint64_t m_lastNumber = 0;
    boost::asio::thread_pool m_looking;
};

SignedPackages::SignedPackages(boost::asio::io_context& io,
                               PeeringService& service,
                               const UpdateSettings& settings,
                               std::shared_ptr<const Updater> updater)
    : m_service(service)
    , m_inside(std::make_shared<Inside>(io, settings, std::move(updater)))
{
}

void
SignedPackages::Start(SignedPackages* before)
{
    m_started = true;
    if (before != nullptr)
    {
        before->m_started = false;
        for (auto& [url, body, answer] : before->m_inside->Unanswered())
        {
            m_inside->Judge(url, body, std::move(answer));
        }
    }
    m_service.SetPackageJudge(
        [weak = std::weak_ptr<Inside>(m_inside)](const std::string& url,
                                                 const Body& body,
                                                 std::function<void(const std::string&)> answer)
        {
            if (const auto inside = weak.lock())
            {
                inside->Judge(url, body, std::move(answer));
            }
        });
}

SignedPackages::~SignedPackages()
{
    if (m_started)
    {
        m_service.SetPackageJudge(nullptr);
    }
    m_inside->Stop();
}

} // namespace lanpeer::reference
