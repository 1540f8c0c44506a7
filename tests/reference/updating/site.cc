#include "site.h"

#include "reference/files/file-descriptor.h"
#include "tests/reference/office/commands.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <fstream>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace lanpeer::reference
{

namespace
{

namespace fs = std::filesystem;

constexpr const char* kNginx = "/usr/sbin/nginx";

/// Below what the kernel gives to outgoing connections, which would be in the way now and then.
constexpr int kFirstPort = 10000;
constexpr int kPorts = 10000;

bool
Answers(std::uint16_t port)
{
    const FileDescriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in to = {};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(probe.Get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0;
}

} // namespace

Site::Site(const fs::path& folder)
    : m_folder(folder)
    , m_port(static_cast<std::uint16_t>(kFirstPort + ::getpid() % kPorts))
{
    fs::create_directories(m_folder / "files");
    std::ofstream(m_folder / "nginx.conf")
        << "daemon off;\nmaster_process off;\nworker_processes 1;\n"
           "pid nginx.pid;\nerror_log error.log;\nevents {}\nhttp {\n"
           "  access_log access.log;\n"
           "  client_body_temp_path t1;\n  proxy_temp_path t2;\n  fastcgi_temp_path t3;\n"
           "  uwsgi_temp_path t4;\n  scgi_temp_path t5;\n"
        << fmt::format("  server {{ listen 127.0.0.1:{}; root files; }}\n}}\n", m_port);
    m_program = std::make_unique<Program>(
        std::vector<std::string>{
            kNginx, "-p", m_folder.string() + "/", "-c", "nginx.conf", "-e", "error.log"},
        m_folder / "log");
    if (!Await([this] { return Answers(m_port); }))
    {
        throw std::runtime_error("the site does not start: " + TextOf(m_folder / "log"));
    }
}

Site::~Site() = default;

void
Site::Put(const std::string& file, std::string_view bytes) const
{
    std::ofstream(m_folder / "new", std::ios::binary) << bytes;
    fs::rename(m_folder / "new", m_folder / "files" / file);
}

void
Site::Remove(const std::string& file) const
{
    fs::remove(m_folder / "files" / file);
}

} // namespace lanpeer::reference
