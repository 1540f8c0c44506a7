#pragma once

#include "model/protocol/base64url.h"
#include "model/protocol/fields.h"
#include "model/protocol/request-index.h"
#include "model/protocol/types.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace lanpeer
{

/// Writes any value with LANPEER_FIELDS as JSON, members by name, in their order. What is not there
/// (an empty optional, string or container) is left out. Peers are numbered by first sight, so that
/// tapes of different hosts compare.
///
/// 16-byte arrays are base64url, enums their names (ToString), variants {"name": value}. A string
/// that is no UTF-8, which JSON has no way to write, is {"hex": "ff..."}.
class JsonWriter
{
  public:
    /// \param peers the numbers given so far; kept by the caller over many values
    JsonWriter(std::string& out, std::unordered_map<PeerId, std::uint64_t>& peers)
        : m_out(out)
        , m_peers(peers)
    {
    }

    template <typename T>
    void Write(const T& value);

    /// A string in quotes, escaped; one of UTF-8.
    void WriteText(std::string_view text);

    /// Any string.
    void WriteBytes(std::string_view bytes);

    /// An opening or closing bracket, a comma, a literal.
    void Raw(std::string_view text)
    {
        m_out.append(text);
    }

  private:
    std::uint64_t NumberOf(PeerId peer)
    {
        return m_peers.emplace(peer, m_peers.size() + 1).first->second;
    }

    void WriteNodeId(const NodeId& node);

    template <typename T>
    static bool Absent(const T& value);

    template <typename T>
    void WriteStruct(const T& value);

    template <typename T>
    void WriteList(const T& value);

    std::string& m_out;
    std::unordered_map<PeerId, std::uint64_t>& m_peers;
};

namespace detail
{

template <typename T, typename = void>
struct HasName : std::false_type
{
};

template <typename T>
struct HasName<T, std::void_t<decltype(ToString(std::declval<T>()))>> : std::true_type
{
};

template <typename T, typename = void>
struct IsContainer : std::false_type
{
};

template <typename T>
struct IsContainer<T, std::void_t<decltype(std::declval<T>().begin())>> : std::true_type
{
};

/// Takes the next name off a comma-separated list of member names, without its `m_`.
std::string_view NextName(std::string_view& names);

} // namespace detail

template <typename T>
bool
JsonWriter::Absent(const T& value)
{
    if constexpr (detail::IsOptional<T>::value)
    {
        return !value.has_value();
    }
    else if constexpr (std::is_same_v<T, NodeId>)
    {
        return value.Empty();
    }
    else if constexpr (detail::IsByteArray<T>::value)
    {
        return false;
    }
    else if constexpr (detail::IsContainer<T>::value)
    {
        return value.empty();
    }
    else
    {
        return false;
    }
}

template <typename T>
void
JsonWriter::WriteStruct(const T& value)
{
    std::string_view names = T::FieldNames();
    bool first = true;
    Raw("{");
    std::apply(
        [this, &names, &first](const auto&... field)
        {
            const auto one = [this, &names, &first](const auto& member)
            {
                const std::string_view name = detail::NextName(names);
                if (!Absent(member))
                {
                    Raw(std::exchange(first, false) ? "" : ",");
                    WriteText(name);
                    Raw(":");
                    Write(member);
                }
            };
            (one(field), ...);
        },
        value.Fields());
    Raw("}");
}

template <typename T>
void
JsonWriter::WriteList(const T& value)
{
    bool first = true;
    Raw("[");
    for (const auto& element : value)
    {
        Raw(std::exchange(first, false) ? "" : ",");
        Write(element);
    }
    Raw("]");
}

template <typename T>
void
JsonWriter::Write(const T& value)
{
    if constexpr (std::is_same_v<T, bool>)
    {
        Raw(value ? "true" : "false");
    }
    else if constexpr (std::is_same_v<T, PeerId>)
    {
        Raw(std::to_string(NumberOf(value)));
    }
    else if constexpr (std::is_enum_v<T> && detail::HasName<T>::value)
    {
        WriteText(ToString(value));
    }
    else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>)
    {
        Raw(std::to_string(static_cast<std::uint64_t>(value)));
    }
    else if constexpr (std::is_same_v<T, std::string>)
    {
        WriteBytes(value);
    }
    else if constexpr (std::is_same_v<T, NodeId>)
    {
        WriteNodeId(value);
    }
    else if constexpr (detail::IsByteArray<T>::value)
    {
        WriteText(ToBase64Url(value));
    }
    else if constexpr (detail::IsOptional<T>::value)
    {
        if (value)
        {
            Write(*value);
        }
        else
        {
            Raw("null");
        }
    }
    else if constexpr (detail::IsShared<T>::value)
    {
        Write(*value);
    }
    else if constexpr (detail::IsPair<T>::value)
    {
        Raw("[");
        Write(value.first);
        Raw(",");
        Write(value.second);
        Raw("]");
    }
    else if constexpr (detail::IsVariant<T>::value)
    {
        Raw("{");
        WriteText(NameOf(value));
        Raw(":");
        std::visit([this](const auto& held) { this->Write(held); }, value);
        Raw("}");
    }
    else if constexpr (std::is_same_v<T, RequestIndex>)
    {
        Raw(std::to_string(value.EndedCount())); // the keys of ended requests are in the hash
    }
    else if constexpr (HasFields<T>::value)
    {
        WriteStruct(value);
    }
    else
    {
        WriteList(value);
    }
}

} // namespace lanpeer
