#pragma once

#include <cstddef>
#include <vector>

namespace lanpeer::scenario
{

/// One line on a terminal's standard error that says how far the runs are; nothing where standard
/// error is no terminal.
class ProgressLine
{
  public:
    explicit ProgressLine(std::size_t runs);

    /// \param done 0 to 1, of one run
    void Heard(std::size_t run, double done);

    /// Takes the line away again.
    void Clear();

  private:
    std::vector<double> m_done;
    bool m_terminal;
    int m_shownPermille = -1;
};

} // namespace lanpeer::scenario
