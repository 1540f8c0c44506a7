#include "reference/retrieval/message-line.h"

#include <gtest/gtest.h>

namespace lanpeer::reference
{
namespace
{

TEST(MessageLine, L22ControlsAndBytesBeyondAsciiAreEscaped)
{
    RecordProperty("attack", "L22");
    EXPECT_EQ(PrintableLine("plain text"), "plain text");
    EXPECT_EQ(PrintableLine("a\r\nb\x1b[2J\x7f\xc3\xa9"), "a\\x0d\\x0ab\\x1b[2J\\x7f\\xc3\\xa9");
    EXPECT_EQ(PrintableLine("\\x0a"), "\\\\x0a") << "what looks escaped was sent so";
    EXPECT_EQ(PrintableLine(std::string_view("\0", 1)), "\\x00");
}

TEST(MessageLine, L22TheLengthIsBounded)
{
    RecordProperty("attack", "L22");
    EXPECT_EQ(PrintableLine("12345678", 8), "12345678");
    EXPECT_EQ(PrintableLine("123456789", 8), "12345...");
    EXPECT_EQ(PrintableLine("1234\n\n", 8), "1234...") << "no half of an escape";
    EXPECT_EQ(PrintableLine(std::string(100'000, '\n')).size(), 511U); // 127 escapes and the dots
}

} // namespace
} // namespace lanpeer::reference
