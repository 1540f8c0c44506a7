#pragma once

#include "model/harness/world.h"
#include "model/protocol/json-writer.h"
#include "model/protocol/request-index.h"
#include "model/protocol/slot-table.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace lanpeer::harness
{

/// Where the resources of golden scripts stand: "dat" is kOrigin + "dat".
constexpr std::string_view kOrigin = "http://origin.test/";

/// The harness token of a number (World draws `HOST * 1000 + COUNT`): "#2001".
Token TokenOf(std::uint32_t number);

namespace detail
{

template <typename T>
struct IsSlotTable : std::false_type
{
};

template <typename T>
struct IsSlotTable<SlotTable<T>> : std::true_type
{
};

} // namespace detail

/// Writes values as text that a reader can follow: what json-writer.h is to tapes, this is to
/// golden scripts. Of a struct `NAME=VALUE` for each member that differs from a fresh one's, in the
/// order of LANPEER_FIELDS, so that a new member is shown without a line of code here; some without
/// their name, where the value says enough.
///
/// Peers are `n2`, or `p99` where there is no such node; tokens, locks and aliases of the harness
/// `#2001`; resources go by their short names; a packet's `node` and the two usual ports are shown
/// only where they are not what one expects.
class TraceText
{
  public:
    /// \param world whose hosts give peers their names
    TraceText(std::string& out, const World& world)
        : m_out(out)
        , m_world(world)
    {
    }

    /// \param host that it happened to
    void WriteEvent(std::uint32_t host, const Event& event);

    /// \param host that did it. Of states that were entered only the two, without the subject.
    void WriteAction(std::uint32_t host, const Action& action);

    /// Any value; a struct in braces.
    template <typename T>
    void Write(const T& value);

    /// The members of a struct that differ from a fresh one's, a space before each.
    template <typename T>
    void WriteMembers(const T& value);

    void Text(std::string_view text)
    {
        m_out.append(text);
    }

  private:
    /// How a member is shown, by its name.
    struct Style
    {
        std::string_view name; ///< empty: the value alone
        bool always = false;   ///< even where it is what a fresh value has
        bool never = false;    ///< says nothing to a reader
    };

    Style StyleOf(std::string_view member) const;

    void WritePeer(PeerId peer);
    void WriteNumber(std::uint64_t number);
    void WriteString(const std::string& text);
    void WriteBytes(const Token& bytes);
    void WriteLocation(const Location& location);
    void WriteKey(const FoundKey& key);
    void WriteTimer(const TimerKey& timer);
    void WriteDrawn(const TokenDrawn& drawn);
    void WritePacket(const NodeId& expected, const ServicePacket& packet);
    void WriteFrom(PeerId peer, std::uint16_t port, const ServicePacket& packet);

    // Those actions for which the general form says too little or too much.
    void WriteAs(std::uint32_t host, const Broadcast& action);
    void WriteAs(std::uint32_t host, const SendTo& action);
    void WriteAs(std::uint32_t host, const ArmTimer& action);
    void WriteAs(std::uint32_t host, const StartTransfer& action);
    void WriteAs(std::uint32_t host, const TellFound& action);
    void WriteAs(std::uint32_t host, const TellPacket& action);

    template <typename T>
    void WriteAs(std::uint32_t /*host*/, const T& action)
    {
        WriteMembers(action);
    }

    template <typename T>
    bool Left(std::string_view member, const T& value) const;

    template <typename T>
    void WriteMember(std::string_view member, const T& value, const T& fresh);

    template <typename T, std::size_t... I>
    void WriteMembersAt(const T& value, std::index_sequence<I...> indexes);

    template <typename T>
    void WriteElements(const T& value);

    template <typename T>
    void WriteSlots(const SlotTable<T>& slots);

    std::string& m_out;
    const World& m_world;
    NodeId m_expected;       ///< a packet's sender need not be named
    bool m_inPacket = false; ///< there hrefs have their names
};

/// Is a member left out although a fresh value has another?
template <typename T>
bool
TraceText::Left(std::string_view member, const T& value) const
{
    if constexpr (std::is_same_v<T, std::uint16_t>)
    {
        return member == "port" && (value == 1967 || value == 6515);
    }
    else if constexpr (std::is_same_v<T, NodeId>)
    {
        return m_inPacket && member == "node" && value == m_expected;
    }
    else
    {
        return false;
    }
}

template <typename T>
void
TraceText::WriteMember(std::string_view member, const T& value, const T& fresh)
{
    const Style style = StyleOf(member);
    if (style.never || (value == fresh && !style.always) || Left(member, value))
    {
        return;
    }
    Text(" ");
    if (!style.name.empty())
    {
        Text(style.name);
        Text("=");
    }
    Write(value);
}

template <typename T, std::size_t... I>
void
TraceText::WriteMembersAt(const T& value, std::index_sequence<I...> /*indexes*/)
{
    const T fresh{};
    const auto members = value.Fields();
    const auto freshMembers = fresh.Fields();
    std::string_view names = T::FieldNames();
    (WriteMember(lanpeer::detail::NextName(names), std::get<I>(members), std::get<I>(freshMembers)),
     ...);
}

template <typename T>
void
TraceText::WriteMembers(const T& value)
{
    using Members = decltype(value.Fields());
    WriteMembersAt(value, std::make_index_sequence<std::tuple_size_v<Members>>{});
}

template <typename T>
void
TraceText::WriteElements(const T& value)
{
    std::string_view before = "[";
    for (const auto& element : value)
    {
        Text(std::exchange(before, ","));
        Write(element);
    }
    Text(value.empty() ? "[]" : "]");
}

/// The values in use, each behind its number.
template <typename T>
void
TraceText::WriteSlots(const SlotTable<T>& slots)
{
    std::string_view before = "[";
    for (std::uint32_t slot = 0; slot < slots.End(); ++slot)
    {
        if (const T* value = slots.Find(slot))
        {
            Text(std::exchange(before, ","));
            WriteNumber(slot);
            Text(":");
            Write(*value);
        }
    }
    Text(slots.Count() == 0 ? "[]" : "]");
}

template <typename T>
void
TraceText::Write(const T& value)
{
    if constexpr (std::is_same_v<T, bool>)
    {
        Text(m_inPacket ? (value ? "1" : "no") : (value ? "true" : "false"));
    }
    else if constexpr (std::is_same_v<T, PeerId>)
    {
        WritePeer(value);
    }
    else if constexpr (std::is_same_v<T, AppRequestId>)
    {
        Text("r");
        WriteNumber(static_cast<std::uint64_t>(value));
    }
    else if constexpr (std::is_same_v<T, TransferId>)
    {
        Text("t");
        WriteNumber(static_cast<std::uint64_t>(value));
    }
    else if constexpr (std::is_same_v<T, UploadId>)
    {
        Text("u");
        WriteNumber(static_cast<std::uint64_t>(value));
    }
    else if constexpr (std::is_same_v<T, TimerKey>)
    {
        WriteTimer(value);
    }
    else if constexpr (std::is_enum_v<T> && lanpeer::detail::HasName<T>::value)
    {
        Text(ToString(value));
    }
    else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>)
    {
        WriteNumber(static_cast<std::uint64_t>(value));
    }
    else if constexpr (std::is_same_v<T, std::string>)
    {
        WriteString(value);
    }
    else if constexpr (std::is_same_v<T, NodeId>)
    {
        Text(value.Text());
    }
    else if constexpr (std::is_same_v<T, Token>)
    {
        WriteBytes(value);
    }
    else if constexpr (std::is_same_v<T, Location>)
    {
        WriteLocation(value);
    }
    else if constexpr (std::is_same_v<T, FoundKey>)
    {
        WriteKey(value);
    }
    else if constexpr (lanpeer::detail::IsOptional<T>::value)
    {
        value ? Write(*value) : Text("none");
    }
    else if constexpr (lanpeer::detail::IsShared<T>::value)
    {
        Write(*value);
    }
    else if constexpr (lanpeer::detail::IsPair<T>::value)
    {
        Write(value.first);
        Text(":");
        Write(value.second);
    }
    else if constexpr (std::is_same_v<T, RequestIndex>)
    {
        WriteNumber(value.EndedCount());
    }
    else if constexpr (detail::IsSlotTable<T>::value)
    {
        WriteSlots(value);
    }
    else if constexpr (HasFields<T>::value)
    {
        std::string inner;
        std::swap(inner, m_out);
        WriteMembers(value);
        std::swap(inner, m_out);
        Text("{");
        Text(inner.empty() ? inner : std::string_view(inner).substr(1));
        Text("}");
    }
    else
    {
        WriteElements(value);
    }
}

} // namespace lanpeer::harness
