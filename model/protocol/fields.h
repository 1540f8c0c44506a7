#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// Declares once which members make up the value of a struct. Equality, hash, canonical encoding
/// and JSON (json.h) all read this one list, so that none of them can forget a member; a test flips
/// each member of each struct and sees all of them change.
///
/// C++17 has no defaulted operator==; this stands for it.
#define LANPEER_FIELDS(...)                                                                        \
    auto Fields() const                                                                            \
    {                                                                                              \
        return std::tie(__VA_ARGS__);                                                              \
    }                                                                                              \
    auto Fields()                                                                                  \
    {                                                                                              \
        return std::tie(__VA_ARGS__);                                                              \
    }                                                                                              \
    static constexpr std::string_view FieldNames()                                                 \
    {                                                                                              \
        return #__VA_ARGS__;                                                                       \
    }

namespace lanpeer
{

template <typename T, typename = void>
struct HasFields : std::false_type
{
};

template <typename T>
struct HasFields<T, std::void_t<decltype(T::FieldNames())>> : std::true_type
{
};

template <typename T, typename = std::enable_if_t<HasFields<T>::value>>
bool
operator==(const T& a, const T& b)
{
    return a.Fields() == b.Fields();
}

template <typename T, typename = std::enable_if_t<HasFields<T>::value>>
bool
operator!=(const T& a, const T& b)
{
    return !(a == b);
}

/// An immutable value that several owners share, so that one decoded packet serves every simulated
/// receiver. Compared, hashed and encoded by content, like the value itself.
template <typename T>
class Shared
{
  public:
    Shared()
        : m_value(std::make_shared<const T>())
    {
    }

    Shared(T value) // NOLINT(google-explicit-constructor): a value is a shared value
        : m_value(std::make_shared<const T>(std::move(value)))
    {
    }

    const T& operator*() const
    {
        return *m_value;
    }

    const T* operator->() const
    {
        return m_value.get();
    }

    friend bool operator==(const Shared& a, const Shared& b)
    {
        return a.m_value == b.m_value || *a.m_value == *b.m_value;
    }

    friend bool operator!=(const Shared& a, const Shared& b)
    {
        return !(a == b);
    }

  private:
    std::shared_ptr<const T> m_value;
};

/// A visitor's sink that appends the canonical encoding: integers as LEB128, everything of variable
/// length behind its length. Equal values give equal bytes on every machine.
class EncodingSink
{
  public:
    explicit EncodingSink(std::string& out)
        : m_out(out)
    {
    }

    void Integer(std::uint64_t value)
    {
        while (value >= 0x80)
        {
            m_out.push_back(static_cast<char>(value | 0x80));
            value >>= 7;
        }
        m_out.push_back(static_cast<char>(value));
    }

    void Bytes(const char* data, std::size_t size)
    {
        m_out.append(data, size);
    }

  private:
    std::string& m_out;
};

/// A visitor's sink that hashes: a multiply-and-rotate mix of 64-bit words. The same on every
/// machine; not meant to withstand chosen input, which only ever costs a longer bucket.
class HashSink
{
  public:
    void Integer(std::uint64_t value)
    {
        m_state = (m_state ^ value) * 0x9FB21C651E98DF25ULL;
        m_state ^= m_state >> 35;
    }

    void Bytes(const char* data, std::size_t size)
    {
        while (size > 0)
        {
            const std::size_t taken = size < 8 ? size : 8;
            std::uint64_t word = 0;
            for (std::size_t i = 0; i < taken; ++i)
            {
                word |= static_cast<std::uint64_t>(static_cast<unsigned char>(data[i])) << (8 * i);
            }
            Integer(word);
            data += taken;
            size -= taken;
        }
    }

    std::uint64_t Value() const
    {
        return m_state;
    }

  private:
    std::uint64_t m_state = 0x243F6A8885A308D3ULL;
};

template <typename Sink, typename T>
void VisitValue(Sink& sink, const T& value);

namespace detail
{

template <typename T>
struct IsOptional : std::false_type
{
};

template <typename T>
struct IsOptional<std::optional<T>> : std::true_type
{
};

template <typename T>
struct IsShared : std::false_type
{
};

template <typename T>
struct IsShared<Shared<T>> : std::true_type
{
};

template <typename T>
struct IsVariant : std::false_type
{
};

template <typename... T>
struct IsVariant<std::variant<T...>> : std::true_type
{
};

template <typename T>
struct IsPair : std::false_type
{
};

template <typename A, typename B>
struct IsPair<std::pair<A, B>> : std::true_type
{
};

template <typename T>
struct IsByteArray : std::false_type
{
};

template <std::size_t N>
struct IsByteArray<std::array<std::uint8_t, N>> : std::true_type
{
};

} // namespace detail

/// Feeds a value to a sink, member by member. Knows integers, enums, strings, optionals, pairs,
/// variants, shared values, the standard containers, and structs with LANPEER_FIELDS.
template <typename Sink, typename T>
void
VisitValue(Sink& sink, const T& value)
{
    if constexpr (std::is_enum_v<T> || std::is_integral_v<T>)
    {
        sink.Integer(static_cast<std::uint64_t>(value));
    }
    else if constexpr (std::is_same_v<T, std::string>)
    {
        sink.Integer(value.size());
        sink.Bytes(value.data(), value.size());
    }
    else if constexpr (detail::IsByteArray<T>::value)
    {
        sink.Bytes(reinterpret_cast<const char*>(value.data()), value.size());
    }
    else if constexpr (detail::IsOptional<T>::value)
    {
        sink.Integer(value ? 1 : 0);
        if (value)
        {
            VisitValue(sink, *value);
        }
    }
    else if constexpr (detail::IsShared<T>::value)
    {
        VisitValue(sink, *value);
    }
    else if constexpr (detail::IsPair<T>::value)
    {
        VisitValue(sink, value.first);
        VisitValue(sink, value.second);
    }
    else if constexpr (detail::IsVariant<T>::value)
    {
        sink.Integer(value.index());
        std::visit([&sink](const auto& held) { VisitValue(sink, held); }, value);
    }
    else if constexpr (HasFields<T>::value)
    {
        std::apply([&sink](const auto&... field) { (VisitValue(sink, field), ...); },
                   value.Fields());
    }
    else
    {
        sink.Integer(value.size());
        for (const auto& element : value)
        {
            VisitValue(sink, element);
        }
    }
}

/// The canonical encoding of a value: equal values, equal bytes.
template <typename T>
std::string
Encoded(const T& value)
{
    std::string out;
    EncodingSink sink(out);
    VisitValue(sink, value);
    return out;
}

/// The encoding that a sink sorts elements by which have no order of their own. A sink that writes
/// some types in its own way has an overload beside it.
template <typename Sink, typename T>
std::string
EncodedFor(const Sink& /*sink*/, const T& value)
{
    return Encoded(value);
}

/// A 64-bit hash over the same members as Encoded and operator==.
template <typename T>
std::uint64_t
HashOf(const T& value)
{
    HashSink sink;
    VisitValue(sink, value);
    return sink.Value();
}

/// For std::unordered_map and the like.
struct FieldsHash
{
    template <typename T>
    std::size_t operator()(const T& value) const
    {
        return static_cast<std::size_t>(HashOf(value));
    }
};

} // namespace lanpeer
