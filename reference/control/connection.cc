#include "reference/control/connection.h"

#include "reference/control/call-fields.h"
#include "reference/control/status-text.h"
#include "reference/control/update-text.h"

#include <boost/asio/io_context.hpp>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <spdlog/spdlog.h>
#include <utility>
#include <vector>

namespace lanpeer::reference
{

namespace
{

/// Requests of one application at a time.
constexpr std::size_t kRequestsMax = 1024;

/// What an application has not read yet; one that lets more bytes pile up is cut off.
constexpr std::size_t kOutgoingBytesMax = 4 * 1024 * 1024;

/// A long answer goes on when fewer bytes than these wait to be read.
constexpr std::size_t kPieceBytes = 256 * 1024;

std::int64_t
MillisecondsOf(std::chrono::system_clock::time_point at)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

nlohmann::ordered_json
BodyJson(const Body& body)
{
    return {{"size", body.size}, {"sha256", ToHex(body.digest)}};
}

} // namespace

Connection::Connection(boost::asio::io_context& io,
                       PeeringService& service,
                       FileDescriptor socket,
                       bool owner,
                       std::shared_ptr<Common> common,
                       std::function<void(const std::shared_ptr<Connection>&)> over)
    : m_service(service)
    , m_socket(io, socket.Release())
    , m_over(std::move(over))
    , m_owner(owner)
    , m_common(std::move(common))
{
}

void
Connection::Start()
{
    WaitToRead();
}

void
Connection::Close()
{
    m_over = nullptr;
    End();
}

void
Connection::End()
{
    if (!m_socket.is_open())
    {
        return;
    }
    const auto self = shared_from_this();
    m_socket.close();
    for (const auto& [id, request] : std::exchange(m_requests, {}))
    {
        m_service.Cancel(request);
    }
    for (const std::string& type : std::exchange(m_types, {}))
    {
        m_common->takenTypes.erase(type);
        m_service.RegisterType(type, nullptr);
    }
    m_judged.clear();
    m_outgoing.clear();
    m_outgoingBytes = 0;
    m_more = nullptr;
    if (m_over)
    {
        std::exchange(m_over, nullptr)(self);
    }
}

// ---------------------------------------------------------------- in

void
Connection::WaitToRead()
{
    // Who does not read a long answer is not asked what else it wants.
    if (m_reading || m_more || !m_socket.is_open())
    {
        return;
    }
    m_reading = true;
    m_socket.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                        [self = shared_from_this()](boost::system::error_code error)
                        {
                            self->m_reading = false;
                            if (!error)
                            {
                                self->Read();
                            }
                        });
}

void
Connection::Read()
{
    Incoming incoming = ReceiveMessage(m_socket.native_handle());
    if (incoming.gone)
    {
        End();
        return;
    }
    if (incoming.message)
    {
        Take(std::move(*incoming.message));
    }
    WaitToRead();
}

void
Connection::Take(Message message)
{
    const auto json = nlohmann::json::parse(message.text, nullptr, false);
    std::int64_t id = 0;
    try
    {
        if (!json.is_object() || !json.value("id", nlohmann::json()).is_number_integer())
        {
            throw CallError("not a JSON object with a whole number as its id");
        }
        id = json["id"].get<std::int64_t>();
        Carry(TextOf(json, "call"), id, json, message);
    }
    catch (const CallError& error)
    {
        Say(id, "error", {{"message", error.what()}});
    }
    catch (const std::exception& error)
    {
        // A disk that fails, or a call that no reader foresaw: it ends the call, not the service.
        spdlog::error("{}", error.what());
        Say(id, "error", {{"message", error.what()}});
    }
}

void
Connection::Carry(const std::string& call,
                  std::int64_t id,
                  const nlohmann::json& json,
                  Message& message)
{
    const std::set<std::string> ownersCalls{
        "offer", "withdraw", "register", "unregister", "send", "update"};
    if (!m_owner && ownersCalls.count(call) != 0)
    {
        throw CallError(fmt::format("{}: only for the service's own user and group", call));
    }
    if (call == "get")
    {
        Get(id, json);
    }
    else if (call == "judged")
    {
        const bool accepted = FlagOf(json, "accepted", false);
        if (const auto found = m_judged.extract(id))
        {
            found.mapped()(accepted);
        }
    }
    else if (call == "cancel")
    {
        if (const auto found = m_requests.extract(id))
        {
            m_judged.erase(id);
            m_service.Cancel(found.mapped());
        }
    }
    else if (call == "offer")
    {
        Offer(id, json, message);
    }
    else if (call == "withdraw")
    {
        const bool held = m_service.Withdraw(TextOf(json, "url"));
        Say(id, "done", {{"held", held}});
    }
    else if (call == "list")
    {
        List(id);
    }
    else if (call == "status")
    {
        Status(id);
    }
    else if (call == "prometheus")
    {
        Say(id, "done", {{"text", StatusPrometheus(m_service.Status(), m_service.Traffic())}});
    }
    else if (call == "why")
    {
        Why(id, TextOf(json, "url"));
    }
    else if (call == "register")
    {
        Register(id, TextOf(json, "type"));
    }
    else if (call == "unregister")
    {
        Unregister(TextOf(json, "type"));
        Say(id, "done", {});
    }
    else if (call == "update")
    {
        Update(id, FlagOf(json, "install", true));
    }
    else if (call == "send")
    {
        SendPacket(id, json);
    }
    else
    {
        throw CallError("call: no such call");
    }
}

void
Connection::Get(std::int64_t id, const nlohmann::json& json)
{
    if (m_requests.count(id) != 0)
    {
        throw CallError("id: a request with it is running");
    }
    if (m_requests.size() >= kRequestsMax)
    {
        throw CallError(fmt::format("more than {} requests at a time", kRequestsMax));
    }
    ResourceRequest request;
    request.url = TextOf(json, "url");
    request.verifier = VerifierIn(json);
    if (std::holds_alternative<SignedVerifier>(request.verifier) && !m_service.HasPackageJudge())
    {
        throw CallError("signed: no root certificate is configured (update.root_file)");
    }
    request.mayWait = FlagOf(json, "may_wait", true);
    request.mayUseInternet = FlagOf(json, "may_use_internet", true);
    request.cacheable = FlagOf(json, "cacheable", true);
    request.allowQuery = FlagOf(json, "allow_query", false);
    // It may end before Ask() returns, and then has no number to be cancelled by any more.
    m_requests.emplace(id, AppRequestId{});
    const AppRequestId number = m_service.Ask(request, ApplicationOf(id));
    const auto running = m_requests.find(id);
    if (running != m_requests.end())
    {
        running->second = number;
    }
    else if (!m_socket.is_open())
    {
        m_service.Cancel(number); // of one that has ended: no harm
    }
}

Application
Connection::ApplicationOf(std::int64_t id)
{
    // The service lets go of these when the request ends or is cancelled, which End() does.
    Application application;
    const std::weak_ptr<Connection> weak = weak_from_this();
    application.progress = [weak, id](const ProgressReport& report)
    {
        if (const auto self = weak.lock())
        {
            nlohmann::ordered_json json{{"own", report.own}, {"received", report.received}};
            if (report.size)
            {
                json["size"] = *report.size;
            }
            self->Say(id, "progress", std::move(json));
        }
    };
    application.judge = [weak, id](const Body& body, Judge answer)
    {
        if (const auto self = weak.lock())
        {
            self->m_judged[id] = std::move(answer);
            self->Say(id, "judge", BodyJson(body), body.file);
        }
    };
    application.found = [weak, id](const FoundReport& report)
    {
        if (const auto self = weak.lock())
        {
            self->m_requests.erase(id);
            nlohmann::ordered_json json = BodyJson(report.body);
            json["source"] = ToString(report.source);
            if (report.peer)
            {
                json["peer"] = report.peer->to_string();
            }
            self->Say(id, "found", std::move(json), report.body.file);
        }
    };
    application.failed = [weak, id](Reason reason, const std::string& detail)
    {
        if (const auto self = weak.lock())
        {
            self->m_requests.erase(id);
            const ReasonRow& row = ReasonTable()[static_cast<std::size_t>(reason)];
            self->Say(
                id, "failed", {{"reason", row.name}, {"meaning", row.meaning}, {"detail", detail}});
        }
    };
    return application;
}

void
Connection::Offer(std::int64_t id, const nlohmann::json& json, Message& message)
{
    if (!message.file.IsOpen())
    {
        throw CallError("offer: no file came along");
    }
    m_service.Offer(TextOf(json, "url"),
                    std::make_shared<const FileDescriptor>(std::move(message.file)),
                    DigestIn(json),
                    [weak = weak_from_this(), id](const std::string& error)
                    {
                        const auto self = weak.lock();
                        if (!self)
                        {
                            return;
                        }
                        if (error.empty())
                        {
                            self->Say(id, "done", {});
                        }
                        else
                        {
                            self->Say(id, "error", {{"message", error}});
                        }
                    });
}

void
Connection::List(std::int64_t id)
{
    SayBitByBit([this, id, last = std::optional<std::string>()]() mutable
                { return SayCopies(id, last); });
}

bool
Connection::SayCopies(std::int64_t id, std::optional<std::string>& last)
{
    const std::vector<CopyInfo> copies = m_service.List();
    auto copy = !last ? copies.begin()
                      : std::upper_bound(copies.begin(),
                                         copies.end(),
                                         *last,
                                         [](const std::string& href, const CopyInfo& info)
                                         { return href < info.href; });
    for (; copy != copies.end(); ++copy)
    {
        Say(id,
            "copy",
            {{"url", copy->href},
             {"size", copy->sizeBytes},
             {"sha256", ToHex(copy->digest)},
             {"added", copy->addedS},
             {"used", copy->lastUsedS},
             {"hits", copy->hits}});
        if (m_outgoingBytes >= kPieceBytes)
        {
            last = copy->href;
            return true;
        }
    }
    Say(id, "done", {});
    return false;
}

void
Connection::Status(std::int64_t id)
{
    SayBitByBit(
        [this, id, rows = m_service.Traffic(), next = std::size_t{0}]() mutable
        {
            if (next < rows.size())
            {
                Say(id, "traffic", TrafficJson(rows[next++]));
                return true;
            }
            nlohmann::ordered_json status = StatusJson(m_service.Status());
            status["updates"] = UpdatesJson();
            Say(id, "done", {{"status", std::move(status)}});
            return false;
        });
}

void
Connection::Why(std::int64_t id, const std::string& url)
{
    for (const History::Step& step : m_service.Why(url))
    {
        Say(id, "step", {{"at_ms", MillisecondsOf(step.at)}, {"text", step.text}});
    }
    Say(id, "done", {});
}

void
Connection::Register(std::int64_t id, const std::string& type)
{
    // Its own it may register anew, for another id.
    if (m_types.count(type) == 0 && !m_common->takenTypes.insert(type).second)
    {
        throw CallError(fmt::format("{}: another application has registered this type", type));
    }
    m_types.insert(type);
    m_service.RegisterType(type,
                           [weak = weak_from_this(), id](const ApplicationPacket& packet)
                           {
                               if (const auto self = weak.lock())
                               {
                                   self->Say(id,
                                             "packet",
                                             {{"peer", packet.peer.to_string()},
                                              {"port", packet.port},
                                              {"type", packet.type},
                                              {"attributes", packet.attributes}});
                               }
                           });
    Say(id, "done", {});
}

void
Connection::Unregister(const std::string& type)
{
    if (m_types.erase(type) != 0)
    {
        m_common->takenTypes.erase(type);
        m_service.RegisterType(type, nullptr);
    }
}

void
Connection::SendPacket(std::int64_t id, const nlohmann::json& json)
{
    std::optional<boost::asio::ip::address_v4> peer;
    std::uint16_t port = 0;
    if (json.find("peer") != json.end())
    {
        boost::system::error_code error;
        peer = boost::asio::ip::make_address_v4(TextOf(json, "peer"), error);
        const auto given = json.find("port");
        if (error || given == json.end() || !given->is_number_unsigned() ||
            given->get<std::uint64_t>() > 65535)
        {
            throw CallError("peer: not an IPv4 address with a port");
        }
        port = given->get<std::uint16_t>();
    }
    m_service.SendPacket(peer, port, TextOf(json, "type"), AttributesIn(json));
    Say(id, "done", {});
}

/// null: there are no updates here
nlohmann::ordered_json
Connection::UpdatesJson() const
{
    const auto updater = m_common->updater.lock();
    return updater ? UpdatesStatusJson(updater->Status()) : nlohmann::ordered_json();
}

void
Connection::Update(std::int64_t id, bool install)
{
    const auto updater = m_common->updater.lock();
    if (!updater)
    {
        throw CallError("update: no catalog is configured (update.catalog_url)");
    }
    updater->Check(
        install,
        [weak = weak_from_this(), id](const CheckEnding& ending)
        {
            const auto self = weak.lock();
            if (self && ending.report)
            {
                self->Say(id,
                          "done",
                          {{"check", CheckJson(*ending.report)}, {"updates", self->UpdatesJson()}});
            }
            else if (self)
            {
                self->Say(id, "error", {{"message", "update: " + ending.why}});
            }
        });
}

// ---------------------------------------------------------------- out

void
Connection::Say(std::int64_t id,
                const char* event,
                nlohmann::ordered_json json,
                std::shared_ptr<const FileDescriptor> file)
{
    if (!m_socket.is_open())
    {
        return;
    }
    nlohmann::ordered_json whole{{"id", id}, {"event", event}};
    if (!json.is_null())
    {
        whole.update(json);
    }
    // What is no UTF-8 (a URL may be anything) is shown as such, not refused.
    Outgoing next{whole.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                  std::move(file)};
    if (m_outgoingBytes + next.Bytes() > kOutgoingBytesMax)
    {
        spdlog::warn("an application that does not read what it is told is cut off");
        End();
        return;
    }
    m_outgoingBytes += next.Bytes();
    m_outgoing.push_back(std::move(next));
    if (!m_waiting)
    {
        Flush();
    }
}

void
Connection::SayBitByBit(std::function<bool()> more)
{
    m_more = std::move(more);
    GoOn();
}

void
Connection::GoOn()
{
    while (m_more && m_outgoingBytes < kPieceBytes)
    {
        auto more = std::exchange(m_more, nullptr);
        if (more() && m_socket.is_open())
        {
            m_more = std::move(more);
        }
    }
}

void
Connection::Flush()
{
    while (!m_outgoing.empty())
    {
        const Outgoing& next = m_outgoing.front();
        switch (SendMessage(m_socket.native_handle(), next.text, next.file ? next.file->Get() : -1))
        {
        case Sent::Whole:
            m_outgoingBytes -= next.Bytes();
            m_outgoing.pop_front();
            break;
        case Sent::Gone:
            End();
            return;
        case Sent::Full:
            m_waiting = true;
            m_socket.async_wait(boost::asio::posix::stream_descriptor::wait_write,
                                [self = shared_from_this()](boost::system::error_code error)
                                {
                                    self->m_waiting = false;
                                    if (!error)
                                    {
                                        self->Flush();
                                        self->GoOn();
                                        self->WaitToRead();
                                    }
                                });
            return;
        }
    }
}

} // namespace lanpeer::reference
