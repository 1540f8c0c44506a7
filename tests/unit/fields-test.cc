#include "model/protocol/action.h"
#include "model/protocol/event.h"
#include "model/protocol/fields.h"
#include "model/protocol/packet.h"
#include "model/protocol/parameters.h"
#include "model/protocol/types.h"
#include "model/protocol/update/catalog-codec.h"
#include "model/protocol/update/update-action.h"
#include "model/protocol/update/update-event.h"
#include "model/protocol/update/update-judgement.h"
#include "model/protocol/update/update-parameters.h"
#include "model/protocol/update/update-run.h"
#include "model/protocol/update/version-name.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>
#include <vector>

namespace lanpeer
{
namespace
{

template <typename T>
struct IsVector : std::false_type
{
};

template <typename T>
struct IsVector<std::vector<T>> : std::true_type
{
};

template <typename T>
std::vector<T> Others(const T& value);

/// Everything but one field as in \p whole, that field as each other value of it.
template <typename T, std::size_t I>
void
AppendOthersOfField(const T& whole, std::vector<T>& others)
{
    for (const auto& value : Others(std::get<I>(whole.Fields())))
    {
        T other = whole;
        std::get<I>(other.Fields()) = value;
        others.push_back(other);
    }
}

template <typename T, std::size_t... I>
std::vector<T>
OthersOfFields(const T& whole, std::index_sequence<I...> /*fields*/)
{
    std::vector<T> others;
    (AppendOthersOfField<T, I>(whole, others), ...);
    return others;
}

template <typename T>
std::vector<T>
OthersOfVector(const T& value)
{
    T longer = value;
    longer.emplace_back();
    std::vector<T> others{longer};
    if (!value.empty())
    {
        others.emplace_back(value.begin(), value.end() - 1);
        for (const auto& element : Others(value.front()))
        {
            others.push_back(value);
            others.back().front() = element;
        }
    }
    return others;
}

template <typename T>
std::vector<T>
OthersOfOptional(const T& value)
{
    using Held = typename T::value_type;
    std::vector<T> others{value ? T() : T(Held{})};
    for (const Held& held : Others(value.value_or(Held{})))
    {
        others.emplace_back(held);
    }
    return others;
}

template <typename T>
std::vector<T>
OthersOfInteger(T value)
{
    constexpr std::uint64_t kTop = std::uint64_t{1} << (sizeof(T) * 8 - 1);
    const auto bits = static_cast<std::uint64_t>(value);
    return {static_cast<T>(bits ^ 1), static_cast<T>(bits ^ kTop)};
}

template <typename T>
std::vector<T>
OthersOfPair(const T& value)
{
    std::vector<T> others;
    for (const auto& first : Others(value.first))
    {
        others.emplace_back(first, value.second);
    }
    for (const auto& second : Others(value.second))
    {
        others.emplace_back(value.first, second);
    }
    return others;
}

/// Values of a type that differ from \p value and from each other, each in as little as possible.
template <typename T>
std::vector<T>
Others(const T& value)
{
    if constexpr (HasFields<T>::value)
    {
        return OthersOfFields(
            value, std::make_index_sequence<std::tuple_size_v<decltype(value.Fields())>>());
    }
    else if constexpr (std::is_same_v<T, bool>)
    {
        return {!value};
    }
    else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>)
    {
        return OthersOfInteger(value);
    }
    else if constexpr (std::is_same_v<T, std::string>)
    {
        return {value + 'x', value + '\0'};
    }
    else if constexpr (std::is_same_v<T, NodeId>)
    {
        return {NodeId::Parse("n" + std::string(value.Text().substr(0, 9))).value(),
                NodeId::OfAddress(value.Text().size())};
    }
    else if constexpr (detail::IsByteArray<T>::value)
    {
        std::vector<T> others(value.size(), value);
        for (std::size_t i = 0; i < value.size(); ++i)
        {
            others[i][i] ^= 0x10;
        }
        return others;
    }
    else if constexpr (detail::IsOptional<T>::value)
    {
        return OthersOfOptional(value);
    }
    else if constexpr (detail::IsPair<T>::value)
    {
        return OthersOfPair(value);
    }
    else if constexpr (IsVector<T>::value)
    {
        return OthersOfVector(value);
    }
    else if constexpr (detail::IsShared<T>::value)
    {
        const auto others = Others(*value);
        return {others.begin(), others.end()};
    }
    else
    {
        T more = value; // a set of strings
        more.insert("another" + std::to_string(value.size()));
        return {more};
    }
}

/// A value in which every optional is there and nothing is empty.
template <typename T>
T
Filled()
{
    T filled{};
    std::apply([](auto&... field) { ((field = Others(field).front()), ...); }, filled.Fields());
    return filled;
}

template <typename T>
void
ExpectEveryFieldCounts(const T& value)
{
    std::set<std::string> encodings{Encoded(value)};
    std::set<std::uint64_t> hashes{HashOf(value)};
    const T copy = value;
    EXPECT_TRUE(copy == value);
    EXPECT_EQ(HashOf(copy), HashOf(value));
    EXPECT_EQ(Encoded(copy), Encoded(value));
    const std::vector<T> others = Others(value);
    EXPECT_GE(others.size(), std::tuple_size_v<decltype(value.Fields())>);
    for (const T& other : others)
    {
        EXPECT_TRUE(other != value) << T::FieldNames();
        EXPECT_FALSE(other == value) << T::FieldNames();
        EXPECT_TRUE(encodings.insert(Encoded(other)).second) << T::FieldNames();
        EXPECT_TRUE(hashes.insert(HashOf(other)).second) << T::FieldNames();
    }
}

/// Sees a member that LANPEER_FIELDS does not list, by the room that it takes. (Not one that hides
/// where there would be padding otherwise.)
template <typename T>
void
ExpectNoOtherMembers()
{
    const T value{};
    const auto* const begin = reinterpret_cast<const char*>(&value);
    std::size_t end = 0;
    const auto place = [begin, &end](const auto& field)
    {
        constexpr std::size_t kAlignment = alignof(std::decay_t<decltype(field)>);
        const auto at = static_cast<std::size_t>(reinterpret_cast<const char*>(&field) - begin);
        EXPECT_EQ(at, (end + kAlignment - 1) / kAlignment * kAlignment) << T::FieldNames();
        end = at + sizeof(field);
    };
    std::apply([&place](const auto&... field) { (place(field), ...); }, value.Fields());
    EXPECT_EQ(sizeof(T), (end + alignof(T) - 1) / alignof(T) * alignof(T)) << T::FieldNames();
}

template <typename T>
void
ExpectSound()
{
    ExpectEveryFieldCounts(T{});
    ExpectEveryFieldCounts(Filled<T>());
    ExpectNoOtherMembers<T>();
}

template <typename Variant, std::size_t... I>
void
ExpectAlternativesSound(std::index_sequence<I...> /*alternatives*/)
{
    (ExpectSound<std::variant_alternative_t<I, Variant>>(), ...);
    // Alternatives without a difference but their kind differ as well.
    std::set<std::string> encodings{Encoded(Variant(std::in_place_index<I>))...};
    EXPECT_EQ(encodings.size(), sizeof...(I));
}

TEST(FieldsTest, EveryFieldOfTheTypesCounts)
{
    ExpectSound<RequestKey>();
    ExpectSound<RequestOptions>();
    ExpectSound<TimerKey>();
    ExpectSound<TokenKey>();
}

TEST(FieldsTest, EveryFieldOfAPacketCounts)
{
    RecordProperty("requirement", "R-PKT-2");
    ExpectSound<Location>();
    ExpectSound<FoundKey>();
    ExpectSound<ServicePacket>();
}

TEST(FieldsTest, EveryFieldOfTheConfigurationCounts)
{
    ExpectSound<PeeringConfig>();
}

TEST(FieldsTest, EveryFieldOfEventsAndActionsCounts)
{
    ExpectAlternativesSound<Event>(std::make_index_sequence<std::variant_size_v<Event>>());
    ExpectAlternativesSound<Action>(std::make_index_sequence<std::variant_size_v<Action>>());
}

TEST(FieldsTest, EveryFieldOfTheUpdateServiceCounts)
{
    RecordProperty("requirement", "R-UPD-8");
    ExpectSound<EmbeddedName>();
    ExpectSound<PackageFacts>();
    ExpectSound<RevocationList>();
    ExpectSound<VersionName>();
    ExpectSound<CatalogError>();
    ExpectSound<UpdateRefusal>();
    ExpectSound<UpdateConfig>();
    ExpectSound<UpdateMemory>();
    ExpectSound<UpdateStatus>();
    ExpectSound<CheckRun>();
    ExpectAlternativesSound<UpdateEvent>(
        std::make_index_sequence<std::variant_size_v<UpdateEvent>>());
    ExpectAlternativesSound<UpdateAction>(
        std::make_index_sequence<std::variant_size_v<UpdateAction>>());
}

TEST(FieldsTest, SharedValuesCompareByContent)
{
    ServicePacket packet;
    packet.href = "http://a/b";
    const Shared<ServicePacket> one(packet);
    const Shared<ServicePacket> two(packet);
    EXPECT_NE(&*one, &*two);
    EXPECT_TRUE(one == two);
    EXPECT_EQ(Encoded(one), Encoded(packet));
    EXPECT_TRUE(one != Shared<ServicePacket>());
}

TEST(FieldsTest, TheEncodingIsTheSameOnEveryMachine)
{
    RecordProperty("requirement", "R-SIM-9");
    RequestKey key;
    key.node = NodeId::Parse("ab").value();
    key.id = 300;
    EXPECT_EQ(Encoded(key),
              std::string("\x02"
                          "ab"
                          "\xAC\x02"
                          "\x00",
                          6));
    Lock lock{};
    lock[15] = 0xFF;
    key.lock = lock;
    EXPECT_EQ(Encoded(key).substr(5), std::string(1, '\x01') + std::string(15, '\0') + "\xFF");
    EXPECT_EQ(HashOf(key), 12094304438098086937U);
}

} // namespace
} // namespace lanpeer
