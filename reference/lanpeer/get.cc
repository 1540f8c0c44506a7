#include "reference/lanpeer/commands.h"
#include "reference/lanpeer/progress-bar.h"
#include "reference/lanpeer/result-file.h"

#include <fmt/format.h>
#include <lanpeer.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <unistd.h>

namespace lanpeer::command
{

namespace
{

/// "Myavdat.0104060900.cab" of "http://host/updates/Myavdat.0104060900.cab?x=1".
std::string
NameIn(const std::string& url)
{
    const std::string path = url.substr(0, url.find_first_of("?#"));
    const std::size_t host = path.find("://");
    const std::size_t slash = path.rfind('/');
    const bool hasPath = host != std::string::npos && slash > host + 2;
    const std::string name = hasPath ? path.substr(slash + 1) : "";
    if (name.empty() || name == "." || name == "..")
    {
        throw std::runtime_error(fmt::format("{}: names no file; give one by -o", url));
    }
    return name;
}

std::string
SourceText(const Result& result)
{
    switch (result.source)
    {
    case LANPEER_LOCAL:
        return "held here";
    case LANPEER_PEER:
        return fmt::format("from peer {}", result.peer);
    case LANPEER_INTERNET:
        return "from the Internet";
    }
    return "";
}

const char*
SourceWord(lanpeer_source source)
{
    switch (source)
    {
    case LANPEER_LOCAL:
        return "local";
    case LANPEER_PEER:
        return "peer";
    case LANPEER_INTERNET:
        return "internet";
    }
    return "";
}

void
PrintJson(const GetOptions& options, const Result& result, const std::string& file, double seconds)
{
    nlohmann::ordered_json json{{"url", options.url}, {"found", result.found}};
    if (result.found)
    {
        json["source"] = SourceWord(result.source);
        json["peer"] =
            result.peer.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(result.peer);
        json["size"] = result.size;
        json["sha256"] = result.sha256;
        json["file"] = file;
    }
    else
    {
        json["reason"] = result.reason;
        json["detail"] = result.detail;
    }
    json["seconds"] = seconds;
    fmt::print("{}\n", json.dump());
}

} // namespace

int
Get(const std::string& socket, const GetOptions& options)
{
    const std::string name = options.output.empty() ? NameIn(options.url) : options.output;
    const bool toStandardOutput = name == "-";
    if (toStandardOutput && options.json)
    {
        throw std::runtime_error("--json and -o - would mix on standard output");
    }
    if (options.output.empty() && ::access(name.c_str(), F_OK) == 0)
    {
        throw std::runtime_error(fmt::format("{}: is there already; give a name by -o", name));
    }
    Client client(socket);
    ProgressBar bar;
    Request request;
    request.url = options.url;
    request.sha256 = options.sha256;
    request.signedPackage = options.signedPackage;
    request.mayWait = !options.noWait;
    request.mayUseInternet = !options.lanOnly;
    request.progress = [&bar](const lanpeer_progress& at)
    {
        bar.Show(at);
    };
    const auto begin = std::chrono::steady_clock::now();
    const Result result = client.Get(request);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    bar.End();
    if (!result.found)
    {
        if (options.json)
        {
            PrintJson(options, result, name, seconds);
        }
        throw std::runtime_error(
            fmt::format("{}: {}: {}", options.url, result.reason, result.detail));
    }
    SaveBody(result.fd, name);
    if (options.json)
    {
        PrintJson(options, result, name, seconds);
    }
    else
    {
        fmt::print(toStandardOutput ? stderr : stdout,
                   "{}: {}, {} bytes in {:.1f} s\n",
                   toStandardOutput ? options.url : name,
                   SourceText(result),
                   result.size,
                   seconds);
    }
    return 0;
}

} // namespace lanpeer::command
