#include "model/protocol/limits.h"
#include "tests/unit/packet-samples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace lanpeer
{
namespace
{

using namespace samples;

constexpr std::array<std::string_view, 40> kPieces{"<",
                                                   ">",
                                                   "/>",
                                                   "\"",
                                                   "'",
                                                   "&",
                                                   "=",
                                                   " ",
                                                   "\n",
                                                   "&amp;",
                                                   "&#38;",
                                                   "&#x",
                                                   "&#10;",
                                                   "&#xD800;",
                                                   "<!",
                                                   "<!--",
                                                   "<![CDATA[",
                                                   "<!DOCTYPE",
                                                   "<?xml ?>",
                                                   "</service>",
                                                   "<service",
                                                   "\xEF\xBB\xBF",
                                                   "\xC2\x9B",
                                                   "\xED\xA0\x80",
                                                   "\xC3\xA9",
                                                   "%2e",
                                                   "../",
                                                   "#",
                                                   "?a=b&amp;c",
                                                   "@",
                                                   " a='' b='' c=''",
                                                   " size=\"9\"",
                                                   " a='b'",
                                                   " lock=\"AAAAAAAAAAAAAAAAAAAAAA\"",
                                                   "2147483648",
                                                   "-",
                                                   "00",
                                                   "response",
                                                   "end-request",
                                                   "1.9"};

/// Changes a packet in one to four places: a bit, a byte, a piece put in, a stretch taken out,
/// doubled or taken from another packet.
class Mutator
{
  public:
    explicit Mutator(std::vector<std::string> seeds)
        : m_seeds(std::move(seeds))
    {
    }

    std::string Next()
    {
        std::string bytes = Seed();
        for (std::size_t changes = 1 + Draw(4); changes > 0; --changes)
        {
            Change(bytes);
        }
        return bytes;
    }

  private:
    std::size_t Draw(std::size_t below)
    {
        return m_random() % below;
    }

    const std::string& Seed()
    {
        return m_seeds[Draw(m_seeds.size())];
    }

    static void Splice(std::string& bytes, std::size_t at, std::size_t n, const std::string& other)
    {
        bytes.replace(at, n, other, std::min(at, other.size()), n);
    }

    void Change(std::string& bytes)
    {
        const std::size_t at = Draw(bytes.size() + 1);
        const std::size_t length = Draw(20);
        switch (Draw(7))
        {
        case 0:
            if (at < bytes.size())
            {
                bytes[at] = static_cast<char>(bytes[at] ^ (1 << Draw(8)));
            }
            break;
        case 1:
            if (at < bytes.size())
            {
                bytes[at] = static_cast<char>(Draw(256));
            }
            break;
        case 2:
            bytes.insert(at, kPieces[Draw(kPieces.size())]);
            break;
        case 3:
            bytes.erase(at, length);
            break;
        case 4:
            bytes.insert(at, bytes.substr(at, length));
            break;
        case 5:
            Splice(bytes, at, length, Seed());
            break;
        default:
            // A digit or letter for another: most often still a packet.
            if (at < bytes.size())
            {
                bytes[at] = "0123456789abcXYZ./:"[Draw(19)];
            }
            break;
        }
    }

    std::vector<std::string> m_seeds;
    std::mt19937 m_random{20011231};
};

std::vector<std::string>
Seeds()
{
    std::vector<std::string> seeds{std::string(kPatent)};
    for (const ServicePacket& packet : OfEachKind())
    {
        seeds.push_back(*Encode(packet, kSource));
    }
    // At the bounds of length and number, which most mutations exceed.
    ServicePacket longest = Application();
    longest.attributes = {{"a", std::string(1300, 'x')}};
    seeds.push_back(*Encode(longest, kSource));
    ServicePacket most = Application();
    for (std::size_t i = most.attributes.size(); i < limits::kPacketAttributes - 3; ++i)
    {
        most.attributes.emplace_back("a" + std::to_string(i), "");
    }
    seeds.push_back(*Encode(most, kSource));
    seeds.push_back("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + seeds.front() + "\n");
    return seeds;
}

/// What decodes must come back the same when it is sent on. \returns whether it was sent on.
bool
ComesBackTheSame(const ServicePacket& packet, const std::string& bytes)
{
    const auto again = Encode(packet, kSource);
    if (!again)
    {
        // Only what has no form of ours: a location elsewhere, or one that our way of writing makes
        // too long.
        EXPECT_TRUE((packet.location && !packet.location->hostIsSource) || bytes.size() > 1300)
            << bytes;
        return false;
    }
    const auto decoded = Decoded(*again);
    const auto* same = std::get_if<ServicePacket>(&decoded);
    EXPECT_TRUE(same != nullptr && *same == packet) << bytes << "\n" << *again;
    return true;
}

TEST(PacketFuzzTest, NoMutationCrashesAndWhatDecodesComesBack)
{
    RecordProperty("requirement", "R-PKT-4");
    RecordProperty("attack", "L17");
    Mutator mutator(Seeds());
    std::map<std::string, int> outcomes;
    int sentOn = 0;
    for (int i = 0; i < 100000; ++i)
    {
        const std::string bytes = mutator.Next();
        LooksLikeIFound(bytes);
        const auto decoded = Decoded(bytes);
        const auto* packet = std::get_if<ServicePacket>(&decoded);
        ++outcomes[Outcome(bytes)];
        sentOn += packet != nullptr && ComesBackTheSame(*packet, bytes) ? 1 : 0;
    }
    EXPECT_GT(sentOn, 10000);
    for (const auto& [outcome, count] : outcomes)
    {
        RecordProperty(outcome, count);
    }
    // The mutations reach each of the codec's reasons, not only the first check.
    const auto codecs = static_cast<std::size_t>(Reason::UnknownStatus) -
                        static_cast<std::size_t>(Reason::TooLong) + 1;
    EXPECT_EQ(outcomes.size(), codecs + 1);
}

TEST(PacketFuzzTest, NoiseOnlyEverGivesAReason)
{
    RecordProperty("attack", "L4");
    std::mt19937 random(7);
    for (int i = 0; i < 20000; ++i)
    {
        std::string bytes(random() % 1500, '\0');
        for (char& c : bytes)
        {
            c = static_cast<char>(i % 2 == 0 ? random() : "<>&;\"'= a/?!#x[]-"[random() % 17]);
        }
        EXPECT_NE(Outcome(bytes), "decoded") << bytes;
    }
}

/// Every beginning of a packet is refused, and none is read beyond its end.
TEST(PacketFuzzTest, NoBeginningOfAPacketDecodes)
{
    RecordProperty("attack", "L17");
    for (const std::string& seed : Seeds())
    {
        for (std::size_t length = 0; length < seed.find_last_not_of('\n'); ++length)
        {
            // Of its own length on the heap, so that the sanitizer sees the end.
            const std::vector<char> exact(seed.begin(), seed.begin() + static_cast<long>(length));
            EXPECT_NE(Outcome(std::string_view(exact.data(), exact.size())), "decoded") << length;
        }
    }
}

} // namespace
} // namespace lanpeer
