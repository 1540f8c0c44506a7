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
#include <functional>
#include <optional>
#include <spdlog/spdlog.h>
#include <string>
#include <utility>

namespace lanpeer::reference
{

namespace
{

/// Of several large ones, one does not keep the others waiting.
constexpr std::size_t kThreads = 2;

} // namespace

class SignedPackages::Inside
{
  public:
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
        boost::asio::post(
            m_looking,
            [&io = m_io,
             url,
             body,
             answer = std::move(answer),
             roots = m_roots,
             weakKeys = m_settings.allowWeakKeys,
             believed = BelievedNow()]
            {
                const Looked looked = LookAt(false, body, roots, weakKeys, believed.asOfS);
                boost::asio::post(io,
                                  [answer, refused = Refused(url, looked, believed.revoked)]
                                  { answer(refused); });
            });
    }

  private:
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
SignedPackages::Start()
{
    m_started = true;
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
