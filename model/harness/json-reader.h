#pragma once

#include "model/protocol/base64url.h"
#include "model/protocol/fields.h"
#include "model/protocol/json-writer.h"
#include "model/protocol/types.h"

#include <nlohmann/json.hpp>

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace lanpeer::harness
{

/// Reads what JsonWriter wrote: any value with LANPEER_FIELDS, members by name. Strict: no member
/// that the value has not, none missing but those that JsonWriter leaves out, no number out of its
/// range. Total: whatever the JSON is, Read() says yes or no, and Error() where and why.
class JsonReader
{
  public:
    template <typename T>
    bool Read(const nlohmann::json& json, T& value);

    /// "packet.id: not a number of its range", after Read() said no.
    const std::string& Error() const
    {
        return m_error;
    }

  private:
    bool Fail(std::string_view why)
    {
        m_error = why;
        return false;
    }

    bool FailIn(std::string_view member)
    {
        const bool nested = m_error.find(": ") != std::string::npos;
        m_error = std::string(member) + (nested ? "." : ": ") + m_error;
        return false;
    }

    bool ReadNodeId(const nlohmann::json& json, NodeId& node);
    bool ReadString(const nlohmann::json& json, std::string& text);

    template <typename T>
    bool ReadNumber(const nlohmann::json& json, T& value);

    template <typename T>
    bool ReadName(const nlohmann::json& json, T& value);

    template <typename T, std::size_t... I>
    bool ReadVariant(const nlohmann::json& json, T& value, std::index_sequence<I...> indexes);

    template <typename T>
    bool ReadStruct(const nlohmann::json& json, T& value);

    template <typename T>
    bool ReadList(const nlohmann::json& json, T& value);

    std::string m_error;
};

namespace detail
{

/// What an enum or an integer is underneath.
template <typename T, bool isEnum = std::is_enum_v<T>>
struct Underlying
{
    using Type = T;
};

template <typename T>
struct Underlying<T, true>
{
    using Type = std::underlying_type_t<T>;
};

/// May JsonWriter leave a member of this type out?
template <typename T>
constexpr bool kMayBeAbsent = lanpeer::detail::IsOptional<T>::value || std::is_same_v<T, NodeId> ||
                              (lanpeer::detail::IsContainer<T>::value &&
                               !lanpeer::detail::IsByteArray<T>::value);

} // namespace detail

template <typename T>
bool
JsonReader::ReadNumber(const nlohmann::json& json, T& value)
{
    using Number = typename detail::Underlying<T>::Type;
    if (!json.is_number_unsigned())
    {
        return Fail("not a number of its range");
    }
    const auto number = json.get<std::uint64_t>();
    if (number > std::numeric_limits<Number>::max())
    {
        return Fail("not a number of its range");
    }
    value = static_cast<T>(number);
    return true;
}

/// Enumerators are counted from 0, and ToString() of one too many is empty.
template <typename T>
bool
JsonReader::ReadName(const nlohmann::json& json, T& value)
{
    if (!json.is_string())
    {
        return Fail("not a name");
    }
    const auto& name = json.get_ref<const std::string&>();
    for (unsigned i = 0; !ToString(static_cast<T>(i)).empty(); ++i)
    {
        if (ToString(static_cast<T>(i)) == name)
        {
            value = static_cast<T>(i);
            return true;
        }
    }
    return Fail("not one of its names");
}

template <typename T, std::size_t... I>
bool
JsonReader::ReadVariant(const nlohmann::json& json, T& value, std::index_sequence<I...> /*indexes*/)
{
    if (!json.is_object() || json.size() != 1)
    {
        return Fail("not one named value");
    }
    const auto held = json.begin();
    bool known = false;
    bool read = false;
    const auto tryOne = [&](auto index)
    {
        T candidate{std::in_place_index<decltype(index)::value>};
        if (!known && NameOf(candidate) == held.key())
        {
            known = true;
            read = Read(held.value(), std::get<decltype(index)::value>(candidate));
            value = std::move(candidate);
        }
    };
    (tryOne(std::integral_constant<std::size_t, I>{}), ...);
    if (!known)
    {
        return Fail("\"" + held.key() + "\" is not known");
    }
    return read || FailIn(held.key());
}

template <typename T>
bool
JsonReader::ReadStruct(const nlohmann::json& json, T& value)
{
    if (!json.is_object())
    {
        return Fail("not an object");
    }
    std::size_t found = 0;
    std::string_view names = T::FieldNames();
    const auto one = [this, &json, &found, &names](auto& member)
    {
        using Member = std::remove_reference_t<decltype(member)>;
        const std::string_view name = lanpeer::detail::NextName(names);
        const auto its = json.find(name);
        if (its == json.end())
        {
            return detail::kMayBeAbsent<Member> || (Fail("missing"), FailIn(name));
        }
        ++found;
        return Read(*its, member) || FailIn(name);
    };
    if (!std::apply([&one](auto&... members) { return (one(members) && ...); }, value.Fields()))
    {
        return false;
    }
    return found == json.size() || Fail("has a member that is not known");
}

template <typename T>
bool
JsonReader::ReadList(const nlohmann::json& json, T& value)
{
    if (!json.is_array())
    {
        return Fail("not a list");
    }
    for (const nlohmann::json& element : json)
    {
        typename T::value_type read{};
        if (!Read(element, read))
        {
            return false;
        }
        value.insert(value.end(), std::move(read));
    }
    return true;
}

template <typename T>
bool
JsonReader::Read(const nlohmann::json& json, T& value)
{
    if constexpr (std::is_same_v<T, bool>)
    {
        value = json.is_boolean() && json.get<bool>();
        return json.is_boolean() || Fail("neither true nor false");
    }
    else if constexpr (std::is_enum_v<T> && lanpeer::detail::HasName<T>::value)
    {
        return ReadName(json, value);
    }
    else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>)
    {
        return ReadNumber(json, value);
    }
    else if constexpr (std::is_same_v<T, std::string>)
    {
        return ReadString(json, value);
    }
    else if constexpr (std::is_same_v<T, NodeId>)
    {
        return ReadNodeId(json, value);
    }
    else if constexpr (lanpeer::detail::IsByteArray<T>::value)
    {
        const auto bytes =
            json.is_string() ? FromBase64Url(json.get_ref<const std::string&>()) : std::nullopt;
        value = bytes.value_or(T{});
        return bytes.has_value() || Fail("not 16 bytes in base64url");
    }
    else if constexpr (lanpeer::detail::IsOptional<T>::value)
    {
        return Read(json, value.emplace());
    }
    else if constexpr (lanpeer::detail::IsShared<T>::value)
    {
        std::decay_t<decltype(*value)> held;
        const bool read = Read(json, held);
        value = std::move(held);
        return read;
    }
    else if constexpr (lanpeer::detail::IsPair<T>::value)
    {
        if (!json.is_array() || json.size() != 2)
        {
            return Fail("not a pair");
        }
        return Read(json[0], value.first) && Read(json[1], value.second);
    }
    else if constexpr (lanpeer::detail::IsVariant<T>::value)
    {
        return ReadVariant(json, value, std::make_index_sequence<std::variant_size_v<T>>{});
    }
    else if constexpr (HasFields<T>::value)
    {
        return ReadStruct(json, value);
    }
    else
    {
        return ReadList(json, value);
    }
}

} // namespace lanpeer::harness
