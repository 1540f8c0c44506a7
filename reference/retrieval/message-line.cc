#include "reference/retrieval/message-line.h"

#include <fmt/format.h>

namespace lanpeer::reference
{

std::string
PrintableLine(std::string_view text, std::size_t maxBytes)
{
    constexpr std::string_view kCut = "...";
    std::string line;
    std::size_t fits = 0; // what of the line stays if it has to be cut
    for (const char letter : text)
    {
        const auto byte = static_cast<unsigned char>(letter);
        if (byte < 0x20 || byte > 0x7e)
        {
            line += fmt::format("\\x{:02x}", byte);
        }
        else if (letter == '\\')
        {
            line += "\\\\";
        }
        else
        {
            line += letter;
        }
        if (line.size() > maxBytes)
        {
            line.resize(fits);
            line += kCut;
            break;
        }
        if (line.size() + kCut.size() <= maxBytes)
        {
            fits = line.size();
        }
    }
    return line;
}

} // namespace lanpeer::reference
