// serve-files ADDRESS PORT DIRECTORY: serves the files there whose names are aliases, each kept
// open, as fast as HttpServer does. For tests/bench/reference/serving-against-nginx; runs until it is
// killed.

#include "reference/serving/http-server.h"

#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <unordered_map>

namespace
{

using lanpeer::reference::FileDescriptor;
using lanpeer::reference::HttpServer;
namespace http = lanpeer::http;

struct Served
{
    http::ServedCopy copy;
    std::shared_ptr<const FileDescriptor> file;
};

std::unordered_map<std::string, Served>
Open(const std::filesystem::path& directory)
{
    std::unordered_map<std::string, Served> served;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
    {
        const std::string name = entry.path().filename();
        auto file = std::make_shared<const FileDescriptor>(
            ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC));
        served[name] = {{file->Size(), "tag-of-" + name}, file};
    }
    return served;
}

void
Serve(const std::string& address, std::uint16_t port, const std::filesystem::path& directory)
{
    const auto served = Open(directory);
    boost::asio::io_context context(1);
    HttpServer::Limits limits;
    limits.connectionsPerPeer = limits.connections; // the load generator is one peer
    HttpServer server(context, limits);
    server.Start(
        [](const HttpServer::Address&) { return true; },
        [&](std::uint64_t number, const HttpServer::Address&, const http::Request& request)
        {
            const auto found = served.find(request.alias);
            if (found == served.end())
            {
                server.Answer(
                    number,
                    http::AnswerError(http::ErrorStatus::NotFound, std::nullopt, request.keepAlive),
                    nullptr);
                return;
            }
            server.Answer(number, http::Answer(request, found->second.copy), found->second.file);
        },
        [](std::uint64_t, std::uint64_t) {});
    server.Listen(boost::asio::ip::make_address_v4(address), port);
    context.run();
}

} // namespace

int
main(int argc, char** argv)
{
    if (argc != 4)
    {
        std::cerr << "usage: serve-files ADDRESS PORT DIRECTORY\n";
        return 2;
    }
    try
    {
        Serve(argv[1], static_cast<std::uint16_t>(std::atoi(argv[2])), argv[3]);
    }
    catch (const std::exception& error)
    {
        std::cerr << "serve-files: " << error.what() << '\n';
        return 1;
    }
}
