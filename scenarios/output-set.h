#pragma once

#include <string>

namespace lanpeer::scenario
{

/// Files that somebody else writes and names, all beginning with one prefix: ns-3's captures. They
/// are there whole or not at all, as an OutputFile is: written into a folder beside their place and
/// moved out of it.
class OutputSet
{
  public:
    /// \param prefix path that the files' names begin with; its folder must be there
    /// Checks that they can be written. Throws std::runtime_error, naming the prefix, if not.
    explicit OutputSet(std::string prefix);

    /// Takes away what was not committed.
    ~OutputSet();
    OutputSet(const OutputSet&) = delete;
    OutputSet& operator=(const OutputSet&) = delete;

    /// What the writer is to put before its names meanwhile.
    std::string Prefix() const;

    /// Puts every file in its place. Throws std::runtime_error, naming the file that could not be.
    /// Writers of captures do not say that a disk was full: a disk that is full now counts as such.
    void Commit();

  private:
    std::string m_prefix;
    std::string m_folder; ///< where they are written; empty: committed
};

} // namespace lanpeer::scenario
