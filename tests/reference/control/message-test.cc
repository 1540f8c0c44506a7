#include "reference/control/message.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace lanpeer::reference
{
namespace
{

class Messages : public testing::Test
{
  protected:
    void SetUp() override
    {
        RecordProperty("requirement", "R-API-1");
        std::array<int, 2> ends{};
        ASSERT_EQ(
            ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()),
            0);
        m_ours = FileDescriptor(ends[0]);
        m_theirs = FileDescriptor(ends[1]);
    }

    /// One packet as no SendMessage() would make it.
    void SendRaw(const std::string& text, const std::vector<int>& files) const
    {
        iovec piece = {const_cast<char*>(text.data()), text.size()};
        std::vector<char> control(CMSG_SPACE(sizeof(int) * files.size()));
        msghdr message = {};
        message.msg_iov = &piece;
        message.msg_iovlen = 1;
        if (!files.empty())
        {
            message.msg_control = control.data();
            message.msg_controllen = control.size();
            cmsghdr* part = CMSG_FIRSTHDR(&message);
            part->cmsg_level = SOL_SOCKET;
            part->cmsg_type = SCM_RIGHTS;
            part->cmsg_len = CMSG_LEN(sizeof(int) * files.size());
            std::memcpy(CMSG_DATA(part), files.data(), sizeof(int) * files.size());
        }
        ASSERT_EQ(::sendmsg(m_theirs.Get(), &message, 0), static_cast<ssize_t>(text.size()));
    }

    static std::size_t OpenFiles()
    {
        const std::filesystem::directory_iterator all("/proc/self/fd");
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }

    FileDescriptor m_ours;
    FileDescriptor m_theirs;
};

TEST_F(Messages, OneFileComesAlong)
{
    const FileDescriptor file(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
    ASSERT_EQ(SendMessage(m_theirs.Get(), "{}", file.Get()), Sent::Whole);
    const Incoming incoming = ReceiveMessage(m_ours.Get());
    ASSERT_TRUE(incoming.message.has_value());
    EXPECT_EQ(incoming.message->text, "{}");
    char byte = 1;
    ASSERT_TRUE(incoming.message->file.IsOpen());
    EXPECT_EQ(incoming.message->file.ReadAt(0, &byte, 1), 1U);
    EXPECT_EQ(byte, 0);
}

TEST_F(Messages, MoreFilesThanOneAreRefusedAndNoneStaysOpen)
{
    const FileDescriptor file(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
    for (const std::size_t count : {2, 3, 5})
    {
        const std::size_t before = OpenFiles();
        SendRaw("{}", std::vector<int>(count, file.Get()));
        const Incoming incoming = ReceiveMessage(m_ours.Get());
        EXPECT_TRUE(incoming.gone) << count;
        EXPECT_FALSE(incoming.message.has_value()) << count;
        EXPECT_EQ(OpenFiles(), before) << count;
    }
}

TEST_F(Messages, AFileThatComesWithATextThatIsNoMessageIsClosed)
{
    const FileDescriptor file(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
    const std::size_t before = OpenFiles();
    SendRaw(std::string(kMessageBytesMax + 1, 'x'), {file.Get()});
    EXPECT_TRUE(ReceiveMessage(m_ours.Get()).gone);
    SendRaw("", {file.Get()});
    EXPECT_TRUE(ReceiveMessage(m_ours.Get()).gone);
    EXPECT_EQ(OpenFiles(), before);
}

TEST_F(Messages, WhoLetsFilesLieUnreadIsGoneAndNoFault)
{
    // Descriptors that are under way count for their sender, up to the limit of open ones, unless
    // it is privileged: a child without privileges sends.
    const pid_t child = ::fork();
    if (child == 0)
    {
        rlimit few = {16, 16};
        const bool plain = ::setrlimit(RLIMIT_NOFILE, &few) == 0 &&
                           (::geteuid() != 0 || ::setresuid(65534, 65534, 65534) == 0);
        Sent sent = Sent::Whole;
        for (int i = 0; plain && sent == Sent::Whole; ++i)
        {
            try
            {
                sent = SendMessage(m_theirs.Get(), "{}", m_theirs.Get());
            }
            catch (...)
            {
                ::_exit(3);
            }
        }
        ::_exit(sent == Sent::Gone ? 0 : 2);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

} // namespace
} // namespace lanpeer::reference
