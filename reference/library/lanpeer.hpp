// The client library of LanPeer for C++17: lanpeer.h with owners, exceptions and functions.

#ifndef LANPEER_HPP
#define LANPEER_HPP

#include <lanpeer.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace lanpeer
{

/// What a call says when it cannot be carried out; one line.
class Error : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// How a request ended. The file is the receiver's to close.
struct Result
{
    bool found = false;
    lanpeer_source source = LANPEER_LOCAL;
    std::string peer;
    std::uint64_t size = 0;
    std::string sha256;
    int fd = -1;
    std::string reason;
    std::string detail;
};

/// What to ask for; the members are those of lanpeer_request.
struct Request
{
    std::string url;
    std::string sha256{}; ///< empty: no digest
    std::function<bool(int fd, std::uint64_t size, const std::string& sha256)> verify{};
    bool mayWait = true;
    bool mayUseInternet = true;
    bool cacheable = true;
    bool allowQuery = false;
    std::function<void(const lanpeer_progress&)> progress{};
    bool signedPackage = false; ///< the verifier is the signature
};

struct Copy
{
    std::string url;
    std::uint64_t size = 0;
    std::string sha256;
    std::int64_t added = 0;
    std::int64_t used = 0;
    std::uint64_t hits = 0;
};

struct Step
{
    std::int64_t atMs = 0;
    std::string text;
};

struct Packet
{
    std::string peer;
    std::uint16_t port = 0;
    std::string type;
    std::vector<std::pair<std::string, std::string>> attributes;
};

/// A connection to the service of this computer, for one thread at a time. Everything throws Error.
class Client
{
  public:
    /// \param socketPath empty: the usual place
    explicit Client(const std::string& socketPath = "")
        : Client(lanpeer_open(socketPath.empty() ? nullptr : socketPath.c_str()))
    {
    }

    /// A service within this process.
    static Client Embedded(const std::string& configFile)
    {
        return Client(lanpeer_open_embedded(configFile.c_str()));
    }

    int Fd() const
    {
        return lanpeer_fd(m_handle.get());
    }

    /// \returns how many messages were taken
    int Process(int timeoutMs)
    {
        return Check(lanpeer_process(m_handle.get(), timeoutMs));
    }

    /// Asks; \p ended is called from Process() or Wait().
    lanpeer_id Get(Request request, std::function<void(const Result&)> ended)
    {
        auto call =
            std::make_unique<Call>(Call{m_calls.get(), std::move(request), std::move(ended)});
        lanpeer_request asked;
        lanpeer_request_init(&asked);
        const Request& its = call->request;
        asked.url = its.url.c_str();
        asked.sha256 = its.sha256.empty() ? nullptr : its.sha256.c_str();
        asked.verify = its.verify ? &Client::Verify : nullptr;
        asked.may_wait = its.mayWait ? 1 : 0;
        asked.may_use_internet = its.mayUseInternet ? 1 : 0;
        asked.cacheable = its.cacheable ? 1 : 0;
        asked.allow_query = its.allowQuery ? 1 : 0;
        asked.progress = its.progress ? &Client::Progress : nullptr;
        asked.ended = &Client::Ended;
        asked.user = call.get();
        asked.signed_package = its.signedPackage ? 1 : 0;
        const lanpeer_id id = lanpeer_get(m_handle.get(), &asked);
        if (id < 0)
        {
            throw Error(lanpeer_error(m_handle.get()));
        }
        m_calls->emplace(id, std::move(call));
        return id;
    }

    /// Asks and waits for the end.
    Result Get(Request request)
    {
        Result result;
        const lanpeer_id id =
            Get(std::move(request), [&result](const Result& ended) { result = ended; });
        Wait(id);
        return result;
    }

    /// Tells what happens until this request has ended.
    void Wait(lanpeer_id id)
    {
        Check(lanpeer_wait(m_handle.get(), id));
    }

    void Cancel(lanpeer_id id)
    {
        Check(lanpeer_cancel(m_handle.get(), id));
        m_calls->erase(id);
    }

    void Offer(const std::string& url, int fd, const std::string& sha256 = "")
    {
        Check(lanpeer_offer(
            m_handle.get(), url.c_str(), fd, sha256.empty() ? nullptr : sha256.c_str()));
    }

    /// \returns whether there was a copy
    bool Withdraw(const std::string& url)
    {
        return Check(lanpeer_withdraw(m_handle.get(), url.c_str())) == 1;
    }

    std::vector<Copy> List()
    {
        std::vector<Copy> copies;
        Check(lanpeer_list(
            m_handle.get(),
            [](void* user, const lanpeer_copy* copy)
            {
                static_cast<std::vector<Copy>*>(user)->push_back(
                    {copy->url, copy->size, copy->sha256, copy->added, copy->used, copy->hits});
            },
            &copies));
        return copies;
    }

    /// JSON.
    std::string Status()
    {
        return Text(lanpeer_status(m_handle.get()));
    }

    std::string Prometheus()
    {
        return Text(lanpeer_prometheus(m_handle.get()));
    }

    /// \returns JSON, when the check has ended
    std::string Update(bool install)
    {
        return Text(lanpeer_update(m_handle.get(), install ? 1 : 0));
    }

    std::vector<Step> Why(const std::string& url)
    {
        std::vector<Step> steps;
        Check(lanpeer_why(
            m_handle.get(),
            url.c_str(),
            [](void* user, std::int64_t atMs, const char* text) {
                static_cast<std::vector<Step>*>(user)->push_back({atMs, text});
            },
            &steps));
        return steps;
    }

    void Register(const std::string& type, std::function<void(const Packet&)> heard)
    {
        auto& place = m_types[type];
        place = std::make_unique<Heard>(std::move(heard));
        Check(lanpeer_register(m_handle.get(), type.c_str(), &Client::HeardPacket, place.get()));
    }

    void Unregister(const std::string& type)
    {
        Check(lanpeer_unregister(m_handle.get(), type.c_str()));
        m_types.erase(type);
    }

    /// \param peer empty: broadcast
    void Send(const Packet& packet)
    {
        std::vector<const char*> names;
        std::vector<const char*> values;
        for (const auto& [name, value] : packet.attributes)
        {
            names.push_back(name.c_str());
            values.push_back(value.c_str());
        }
        Check(lanpeer_send(m_handle.get(),
                           packet.peer.empty() ? nullptr : packet.peer.c_str(),
                           packet.port,
                           packet.type.c_str(),
                           names.data(),
                           values.data(),
                           static_cast<int>(names.size())));
    }

  private:
    using Heard = std::function<void(const Packet&)>;

    struct Call;
    using Calls = std::map<lanpeer_id, std::unique_ptr<Call>>;

    /// A request that runs; its address is the `user` of the call-backs.
    struct Call
    {
        Calls* all;
        Request request;
        std::function<void(const Result&)> ended;
    };

    explicit Client(lanpeer_client* handle)
        : m_handle(handle, &lanpeer_close)
    {
        if (lanpeer_ok(handle) == 0)
        {
            throw Error(lanpeer_error(handle));
        }
    }

    int Check(int result) const
    {
        if (result < 0)
        {
            throw Error(lanpeer_error(m_handle.get()));
        }
        return result;
    }

    std::string Text(char* text) const
    {
        const std::unique_ptr<char, void (*)(char*)> owned(text, &lanpeer_free);
        if (text == nullptr)
        {
            throw Error(lanpeer_error(m_handle.get()));
        }
        return text;
    }

    static int Verify(void* user, lanpeer_id, int fd, std::uint64_t size, const char* sha256)
    {
        return static_cast<Call*>(user)->request.verify(fd, size, sha256) ? 1 : 0;
    }

    static void Progress(void* user, lanpeer_id, const lanpeer_progress* progress)
    {
        static_cast<Call*>(user)->request.progress(*progress);
    }

    static void Ended(void* user, lanpeer_id id, const lanpeer_result* result)
    {
        auto* call = static_cast<Call*>(user);
        const auto ended = std::move(call->ended);
        call->all->erase(id);
        Result its;
        its.found = result->found != 0;
        its.source = result->source;
        its.peer = result->peer;
        its.size = result->size;
        its.sha256 = result->sha256;
        its.fd = result->fd;
        its.reason = result->reason;
        its.detail = result->detail;
        ended(its);
    }

    static void HeardPacket(void* user, const lanpeer_packet* packet)
    {
        Packet its;
        its.peer = packet->peer;
        its.port = packet->port;
        its.type = packet->type;
        for (int i = 0; i < packet->count; ++i)
        {
            its.attributes.emplace_back(packet->names[i], packet->values[i]);
        }
        (*static_cast<Heard*>(user))(its);
    }

    std::unique_ptr<lanpeer_client, void (*)(lanpeer_client*)> m_handle;
    std::unique_ptr<Calls> m_calls = std::make_unique<Calls>();
    std::map<std::string, std::unique_ptr<Heard>> m_types;
};

} // namespace lanpeer

#endif
