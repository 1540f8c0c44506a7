#pragma once

#include <cstddef>

namespace lanpeer
{

/// One cell of a state table: the handler of what happens in a state. There is no empty one, so a
/// std::array of cells with one initialiser too few does not compile: a table is complete, or it is
/// none. (Asking each pointer whether it is null in a static_assert would say the same, but is no
/// constant expression under GCC 12's -fsanitize=undefined.)
template <typename Handler>
class Cell
{
  public:
    constexpr Cell(Handler handler) // NOLINT(google-explicit-constructor): a handler is a cell
        : m_handler(handler)
    {
    }

    Cell(std::nullptr_t) = delete;

    constexpr Handler Get() const
    {
        return m_handler;
    }

  private:
    Handler m_handler;
};

} // namespace lanpeer
