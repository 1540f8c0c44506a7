#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace lanpeer::reference
{

/// A cabinet made field by field, so that a test may put anything into one. Its data are not
/// compressed.
struct RawCabinet
{
    struct Entry
    {
        std::string name;
        std::string bytes;
        std::uint32_t sizeBytes; ///< said of it
        std::uint32_t offset;    ///< said of it
        std::uint32_t folder = 0;
    };

    struct File
    {
        std::string name;
        std::string bytes;
    };

    /// Entries that are right, one behind the other.
    explicit RawCabinet(std::initializer_list<File> files);

    std::string Bytes() const;

    std::vector<Entry> entries;
    std::uint32_t compression = 0;
    std::uint32_t blocksSaid = 0; ///< 0: as many as there are
    std::uint32_t dataMoved = 0;  ///< added to where the data are said to be
};

/// The same with one 2- or 4-byte field of it set to another number.
std::string WithField(std::string bytes,
                      std::size_t offset,
                      std::uint32_t value,
                      std::size_t count);

} // namespace lanpeer::reference
