#include "origin.h"

#include "namespaces.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace lanpeer::reference
{

namespace
{

namespace fs = std::filesystem;

} // namespace

Origin::Origin(std::string space, fs::path folder)
    : m_space(std::move(space))
    , m_folder(std::move(folder))
{
    fs::create_directories(m_folder / "files");
    std::ofstream(m_folder / "nginx.conf")
        << "daemon off;\nmaster_process off;\nuser root;\nworker_processes 1;\n"
           "pid nginx.pid;\nerror_log error.log;\nevents {}\nhttp {\n"
           "  log_format bytes '$body_bytes_sent $request';\n  access_log access.log bytes;\n"
           "  client_body_temp_path t1;\n  proxy_temp_path t2;\n  fastcgi_temp_path t3;\n"
           "  uwsgi_temp_path t4;\n  scgi_temp_path t5;\n"
           "  server {\n    listen 80;\n    listen 8080;\n    root files;\n"
           // another origin, since its port is another
           "    location /moved/ { rewrite ^/moved/(.*)$ http://$host:8080/$1 redirect; }\n"
           "  }\n}\n";
    m_program = std::make_unique<Program>(
        Inside(m_space,
               std::string(kNginx) + " -p " + m_folder.string() + "/ -c nginx.conf -e error.log"),
        m_folder / "log");
    const bool up = Await(
        [this]
        {
            return MadeIn(m_space,
                          []
                          {
                              const FileDescriptor probe(
                                  ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
                              const sockaddr_in to = SocketAddress("127.0.0.1", 80);
                              return ::connect(probe.Get(),
                                               reinterpret_cast<const sockaddr*>(&to),
                                               sizeof(to)) == 0
                                         ? ::dup(probe.Get())
                                         : -1;
                          })
                .IsOpen();
        });
    if (!up)
    {
        throw std::runtime_error("the origin does not start: " + TextOf(m_folder / "log"));
    }
}

void
Origin::SetUplink(const std::string& space, int kbitPerS)
{
    Must(Inside(space,
                std::string(kTc) + " qdisc replace dev eth0 root tbf rate " +
                    std::to_string(kbitPerS) + "kbit burst 16kb latency 400ms"));
}

std::string
Origin::Publish(const std::string& name, std::string_view bytes) const
{
    std::ofstream(m_folder / "files" / name, std::ios::binary) << bytes;
    return "http://" + std::string(kOriginAddress) + "/" + name;
}

std::uint64_t
Origin::BodyBytes() const
{
    std::istringstream log(Log());
    std::uint64_t sum = 0;
    for (std::string line; std::getline(log, line);)
    {
        sum += std::strtoull(line.c_str(), nullptr, 10);
    }
    return sum;
}

std::uint64_t
Origin::Requests() const
{
    const std::string log = Log();
    return static_cast<std::uint64_t>(std::count(log.begin(), log.end(), '\n'));
}

std::string
Origin::Log() const
{
    return TextOf(m_folder / "access.log");
}

} // namespace lanpeer::reference
