#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <new>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace lanpeer::reference
{

/// A child and its parent both see it.
template <typename T>
class Shared
{
  public:
    Shared()
        : m_memory(
              ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
    {
        new (m_memory) T();
    }

    ~Shared()
    {
        ::munmap(m_memory, sizeof(T));
    }

    Shared(const Shared&) = delete;
    Shared& operator=(const Shared&) = delete;

    T& operator*() const
    {
        return *static_cast<T*>(m_memory);
    }

    T* operator->() const
    {
        return static_cast<T*>(m_memory);
    }

  private:
    void* m_memory;
};

/// Does it in a child.
/// \returns how that ended, as waitpid() says
inline int
InAChild(const std::function<void()>& work)
{
    const pid_t child = ::fork();
    if (child == 0)
    {
        work();
        ::_exit(0);
    }
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return status;
}

} // namespace lanpeer::reference
