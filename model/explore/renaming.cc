#include "model/explore/renaming.h"

#include "model/protocol/base64url.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

namespace lanpeer::explore
{

namespace
{

using lanpeer::EncodedFor;
using lanpeer::VisitValue;

/// The harness gives host h the tokens h1000 + COUNT, and numbers its uploads alike (world.cc).
constexpr std::uint32_t kNumbersPerHost = 1000;

/// A visitor's sink that encodes, but for what names a host: that it writes under other numbers.
/// The overloads of VisitValue() below say what does.
class RenamingSink
{
  public:
    RenamingSink(std::string& out, const Renaming& renaming)
        : m_sink(out)
        , m_renaming(renaming)
    {
    }

    void Integer(std::uint64_t value)
    {
        m_sink.Integer(value);
    }

    void Bytes(const char* data, std::size_t size)
    {
        m_sink.Bytes(data, size);
    }

    const Renaming& TheRenaming() const
    {
        return m_renaming;
    }

    std::uint32_t Host(std::uint32_t host) const
    {
        return host < kMaxHosts ? m_renaming.hosts[host] : host; // strangers keep their names
    }

    /// Of a number that the harness made of a host's and a count.
    std::uint64_t Numbered(std::uint64_t number) const
    {
        const std::uint64_t host = number / kNumbersPerHost;
        if (host == 0 || host > kMaxHosts)
        {
            return number;
        }
        return (Host(static_cast<std::uint32_t>(host - 1)) + 1ULL) * kNumbersPerHost +
               number % kNumbersPerHost;
    }

  private:
    EncodingSink m_sink;
    const Renaming& m_renaming;
};

template <typename T>
void
VisitFields(RenamingSink& sink, const T& value)
{
    std::apply([&sink](const auto&... field) { (VisitValue(sink, field), ...); }, value.Fields());
}

template <typename T>
std::string
EncodedFor(const RenamingSink& sink, const T& value)
{
    std::string encoded;
    RenamingSink inner(encoded, sink.TheRenaming());
    VisitValue(inner, value);
    return encoded;
}

/// "n2" or "n2.3" (world.cc), and nothing else that the harness names.
void
VisitValue(RenamingSink& sink, const NodeId& id)
{
    const std::string_view text = id.Text();
    std::string name(text);
    if (text.size() >= 2 && text[0] == 'n' && text[1] > '0' &&
        text[1] <= static_cast<char>('0' + kMaxHosts) && (text.size() == 2 || text[2] == '.'))
    {
        const auto host = static_cast<std::uint32_t>(text[1] - '1');
        name[1] = static_cast<char>('1' + sink.Host(host));
    }
    sink.Integer(name.size());
    sink.Bytes(name.data(), name.size());
}

void
VisitValue(RenamingSink& sink, const PeerId& peer)
{
    const auto number = static_cast<std::uint64_t>(peer);
    const bool known = number >= 1 && number <= kMaxHosts;
    sink.Integer(known ? sink.Host(static_cast<std::uint32_t>(number - 1)) + 1ULL : number);
}

void
VisitValue(RenamingSink& sink, const UploadId& upload)
{
    sink.Integer(sink.Numbered(static_cast<std::uint64_t>(upload)));
}

void
VisitValue(RenamingSink& sink, const AppRequestId& request)
{
    const auto want = static_cast<std::uint64_t>(request) - 1;
    sink.Integer(want < kMaxWants ? sink.TheRenaming().wants[want] + 1ULL : want + 1);
}

std::uint32_t
WordAt(const Token& token, std::size_t first)
{
    std::uint32_t word = 0;
    for (std::size_t i = first; i < first + 4; ++i)
    {
        word = word << 8 | token[i];
    }
    return word;
}

void
SetWordAt(Token& token, std::size_t first, std::uint64_t word)
{
    for (std::size_t i = 4; i-- > 0; word >>= 8)
    {
        token[first + i] = static_cast<std::uint8_t>(word);
    }
}

/// A token has the harness's number in its last four bytes, a lock in its first.
Token
Renamed(const RenamingSink& sink, Token token)
{
    constexpr std::size_t kLast = std::tuple_size_v<Token> - 4;
    for (const std::size_t first : {std::size_t{0}, kLast})
    {
        SetWordAt(token, first, sink.Numbered(WordAt(token, first)));
    }
    return token;
}

void
VisitValue(RenamingSink& sink, const Token& token)
{
    const Token renamed = Renamed(sink, token);
    sink.Bytes(reinterpret_cast<const char*>(renamed.data()), renamed.size());
}

/// An alias is a token's text.
void
VisitValue(RenamingSink& sink, const std::string& text)
{
    const auto token = FromBase64Url(text);
    const std::string renamed = token ? ToBase64Url(Renamed(sink, *token)) : text;
    sink.Integer(renamed.size());
    sink.Bytes(renamed.data(), renamed.size());
}

// The ID of a request is the number of its token (client-asking.cc).

void
VisitValue(RenamingSink& sink, RequestKey key)
{
    key.id = static_cast<std::uint32_t>(sink.Numbered(key.id));
    VisitFields(sink, key);
}

void
VisitValue(RenamingSink& sink, const ServicePacket& packet)
{
    ServicePacket renamed = packet;
    renamed.id = static_cast<std::uint32_t>(sink.Numbered(packet.id));
    VisitFields(sink, renamed);
}

void
VisitValue(RenamingSink& sink, const ClientRequest& request)
{
    ClientRequest renamed = request;
    renamed.id = static_cast<std::uint32_t>(sink.Numbered(request.id));
    VisitFields(sink, renamed);
}

void
VisitValue(RenamingSink& sink, const harness::RunningTransfer& transfer)
{
    harness::RunningTransfer renamed = transfer;
    if (transfer.server)
    {
        renamed.server = sink.Host(*transfer.server);
    }
    VisitFields(sink, renamed);
}

void
VisitValue(RenamingSink& sink, harness::Flight flight)
{
    flight.from = sink.Host(flight.from);
    flight.to = sink.Host(flight.to);
    VisitFields(sink, flight);
}

void
VisitValue(RenamingSink& sink, KnownRequest known)
{
    known.requester = sink.Host(known.requester);
    VisitFields(sink, known);
}

/// What a server knows is no sequence.
void
VisitValue(RenamingSink& sink, const std::vector<KnownRequest>& known)
{
    std::vector<std::string> encoded;
    for (const KnownRequest& one : known)
    {
        encoded.push_back(EncodedFor(sink, one));
    }
    std::sort(encoded.begin(), encoded.end());
    sink.Integer(encoded.size());
    for (const std::string& one : encoded)
    {
        sink.Bytes(one.data(), one.size());
    }
}

template <std::size_t N>
std::uint32_t
RenamedBits(std::uint32_t bits, const std::array<std::uint8_t, N>& numbers)
{
    std::uint32_t renamed = bits >> N << N;
    for (std::size_t i = 0; i < N; ++i)
    {
        renamed |= (bits >> i & 1) << numbers[i];
    }
    return renamed;
}

void
VisitValue(RenamingSink& sink, Getting getting)
{
    getting.running = RenamedBits(getting.running, sink.TheRenaming().wants);
    getting.refused = RenamedBits(getting.refused, sink.TheRenaming().hosts);
    VisitFields(sink, getting);
}

template <std::size_t N>
std::array<std::uint8_t, N>
Composed(const std::array<std::uint8_t, N>& first, const std::array<std::uint8_t, N>& next)
{
    std::array<std::uint8_t, N> composed{};
    for (std::size_t i = 0; i < N; ++i)
    {
        composed[i] = next[first[i]];
    }
    return composed;
}

template <std::size_t N>
std::array<std::uint8_t, N>
Inverted(const std::array<std::uint8_t, N>& numbers)
{
    std::array<std::uint8_t, N> inverted{};
    for (std::size_t i = 0; i < N; ++i)
    {
        inverted[numbers[i]] = static_cast<std::uint8_t>(i);
    }
    return inverted;
}

} // namespace

Renaming
Renaming::Then(const Renaming& next) const
{
    return {Composed(hosts, next.hosts), Composed(wants, next.wants)};
}

Renaming
Renaming::Inverse() const
{
    return {Inverted(hosts), Inverted(wants)};
}

std::uint32_t
Renaming::Wants(std::uint32_t bits) const
{
    return RenamedBits(bits, wants);
}

Renaming
SameNames()
{
    Renaming same;
    for (std::uint8_t i = 0; i < kMaxHosts; ++i)
    {
        same.hosts[i] = i;
    }
    for (std::uint8_t i = 0; i < kMaxWants; ++i)
    {
        same.wants[i] = i;
    }
    return same;
}

std::string
EncodedAs(const Renaming& renaming,
          const harness::Host& host,
          const Watch& watch,
          std::uint8_t number)
{
    std::string encoded(1, static_cast<char>(renaming.hosts[number]));
    RenamingSink sink(encoded, renaming);
    VisitValue(sink, host);
    VisitValue(sink, watch);
    return encoded;
}

std::string
EncodedAs(const Renaming& renaming, const harness::Flight& flight)
{
    std::string encoded;
    RenamingSink sink(encoded, renaming);
    VisitValue(sink, flight);
    return encoded;
}

} // namespace lanpeer::explore
