#include "model/protocol/base64url.h"

#include <array>
#include <cstdint>

namespace lanpeer
{

namespace
{

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static_assert(kTokenTextLength == (std::tuple_size_v<Token> * 8 + 5) / 6);

} // namespace

std::string
ToBase64Url(const Token& token)
{
    std::string text;
    text.reserve(kTokenTextLength);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const std::uint8_t byte : token)
    {
        bits = (bits << 8) | byte;
        count += 8;
        while (count >= 6)
        {
            count -= 6;
            text.push_back(kAlphabet[(bits >> count) & 0x3F]);
        }
    }
    text.push_back(kAlphabet[(bits << (6 - count)) & 0x3F]);
    return text;
}

std::optional<Token>
FromBase64Url(std::string_view text)
{
    if (text.size() != kTokenTextLength)
    {
        return std::nullopt;
    }
    Token token{};
    std::size_t filled = 0;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text)
    {
        const std::size_t value = kAlphabet.find(c);
        if (value == std::string_view::npos)
        {
            return std::nullopt;
        }
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8)
        {
            count -= 8;
            token[filled++] = static_cast<std::uint8_t>(bits >> count);
        }
    }
    // 22 characters hold 132 bits: were the last four free, one token would have 16 texts.
    const bool canonical = (bits & ((1U << count) - 1)) == 0;
    return canonical ? std::optional(token) : std::nullopt;
}

} // namespace lanpeer
