#include "reference/library/lanpeer.h"

#include "reference/library/client.h"

#include <cstdlib>
#include <cstring>
#include <exception>
#include <functional>
#include <new>

// The C functions: exceptions end here.

namespace
{

/// Does it and keeps what went wrong.
template <typename Do>
auto
Try(lanpeer_client* handle, Do action) -> decltype(action())
{
    try
    {
        handle->error.clear();
        return action();
    }
    catch (const std::exception& error)
    {
        handle->error = error.what();
    }
    return decltype(action())(LANPEER_ERROR);
}

char*
TryText(lanpeer_client* handle, const std::function<std::string(lanpeer_client& handle)>& textOf)
{
    try
    {
        handle->error.clear();
        char* copy = ::strdup(textOf(*handle).c_str());
        if (copy == nullptr)
        {
            throw std::bad_alloc();
        }
        return copy;
    }
    catch (const std::exception& error)
    {
        handle->error = error.what();
    }
    return nullptr;
}

} // namespace

extern "C"
{

    lanpeer_client* lanpeer_open(const char* socket_path)
    {
        auto* handle = new (std::nothrow) lanpeer_client;
        if (handle != nullptr)
        {
            Try(handle,
                [&]
                {
                    handle->Connect(socket_path != nullptr
                                        ? socket_path
                                        : lanpeer::reference::DefaultSocketPath());
                    return 0;
                });
        }
        return handle;
    }

    lanpeer_client* lanpeer_open_embedded(const char* config_file)
    {
        auto* handle = new (std::nothrow) lanpeer_client;
        if (handle != nullptr)
        {
            Try(handle,
                [&]
                {
                    handle->Embed(config_file);
                    return 0;
                });
        }
        return handle;
    }

    int lanpeer_ok(const lanpeer_client* handle)
    {
        return handle != nullptr && handle->IsConnected() ? 1 : 0;
    }

    const char* lanpeer_error(const lanpeer_client* handle)
    {
        return handle == nullptr ? "out of memory" : handle->error.c_str();
    }

    void lanpeer_close(lanpeer_client* handle)
    {
        delete handle;
    }

    int lanpeer_fd(const lanpeer_client* handle)
    {
        return handle->Fd();
    }

    int lanpeer_process(lanpeer_client* handle, int timeout_ms)
    {
        return Try(handle, [&] { return handle->Process(timeout_ms); });
    }

    void lanpeer_request_init(lanpeer_request* request)
    {
        *request = {};
        request->may_wait = 1;
        request->may_use_internet = 1;
        request->cacheable = 1;
    }

    lanpeer_id lanpeer_get(lanpeer_client* handle, const lanpeer_request* request)
    {
        return Try(handle, [&] { return handle->Get(*request); });
    }

    int lanpeer_cancel(lanpeer_client* handle, lanpeer_id id)
    {
        return Try(handle,
                   [&]
                   {
                       handle->Cancel(id);
                       return 0;
                   });
    }

    int lanpeer_judge(lanpeer_client* handle, lanpeer_id id, int accepted)
    {
        return Try(handle,
                   [&]
                   {
                       handle->Judge(id, accepted != 0);
                       return 0;
                   });
    }

    int lanpeer_wait(lanpeer_client* handle, lanpeer_id id)
    {
        return Try(handle,
                   [&]
                   {
                       handle->Wait(id);
                       return 0;
                   });
    }

    int lanpeer_offer(lanpeer_client* handle, const char* url, int fd, const char* sha256)
    {
        return Try(handle,
                   [&]
                   {
                       nlohmann::json call{{"call", "offer"}, {"url", url}};
                       if (sha256 != nullptr)
                       {
                           call["sha256"] = sha256;
                       }
                       handle->Call(call, fd);
                       return 0;
                   });
    }

    int lanpeer_withdraw(lanpeer_client* handle, const char* url)
    {
        return Try(handle,
                   [&]
                   {
                       const auto done = handle->Call({{"call", "withdraw"}, {"url", url}});
                       return done.value("held", false) ? 1 : 0;
                   });
    }

    int lanpeer_list(lanpeer_client* handle,
                     void (*copy)(void* user, const lanpeer_copy* copy),
                     void* user)
    {
        return Try(handle,
                   [&]
                   {
                       int count = 0;
                       handle->Call({{"call", "list"}},
                                    -1,
                                    [&](const nlohmann::json& item)
                                    {
                                        const std::string url = item.value("url", std::string());
                                        const std::string sha256 =
                                            item.value("sha256", std::string());
                                        lanpeer_copy its = {};
                                        its.url = url.c_str();
                                        its.size = item.value("size", std::uint64_t{0});
                                        its.sha256 = sha256.c_str();
                                        its.added = item.value("added", std::int64_t{0});
                                        its.used = item.value("used", std::int64_t{0});
                                        its.hits = item.value("hits", std::uint64_t{0});
                                        copy(user, &its);
                                        ++count;
                                    });
                       return count;
                   });
    }

    char* lanpeer_status(lanpeer_client* handle)
    {
        return TryText(handle,
                       [](lanpeer_client& its)
                       {
                           auto traffic = nlohmann::ordered_json::array();
                           const auto done = its.Call({{"call", "status"}},
                                                      -1,
                                                      [&](const nlohmann::json& item)
                                                      {
                                                          auto row = item;
                                                          row.erase("id");
                                                          row.erase("event");
                                                          traffic.emplace_back(row);
                                                      });
                           nlohmann::ordered_json status = done.at("status");
                           status["traffic"] = std::move(traffic);
                           return status.dump();
                       });
    }

    char* lanpeer_prometheus(lanpeer_client* handle)
    {
        return TryText(handle,
                       [](lanpeer_client& its) {
                           return its.Call({{"call", "prometheus"}}).value("text", std::string());
                       });
    }

    char* lanpeer_update(lanpeer_client* handle, int install)
    {
        return TryText(
            handle,
            [install](lanpeer_client& its)
            {
                nlohmann::json ended = its.Call({{"call", "update"}, {"install", install != 0}});
                ended.erase("id");
                ended.erase("event");
                return ended.dump();
            });
    }

    int lanpeer_why(lanpeer_client* handle,
                    const char* url,
                    void (*step)(void* user, int64_t at_ms, const char* text),
                    void* user)
    {
        return Try(handle,
                   [&]
                   {
                       int count = 0;
                       handle->Call({{"call", "why"}, {"url", url}},
                                    -1,
                                    [&](const nlohmann::json& item)
                                    {
                                        const std::string text = item.value("text", std::string());
                                        step(user, item.value("at_ms", int64_t{0}), text.c_str());
                                        ++count;
                                    });
                       return count;
                   });
    }

    int lanpeer_register(lanpeer_client* handle,
                         const char* type,
                         void (*heard)(void* user, const lanpeer_packet* packet),
                         void* user)
    {
        return Try(handle,
                   [&]
                   {
                       handle->Register(type, heard, user);
                       return 0;
                   });
    }

    int lanpeer_unregister(lanpeer_client* handle, const char* type)
    {
        return Try(handle,
                   [&]
                   {
                       handle->Unregister(type);
                       return 0;
                   });
    }

    int lanpeer_send(lanpeer_client* handle,
                     const char* peer,
                     uint16_t port,
                     const char* type,
                     const char* const* names,
                     const char* const* values,
                     int count)
    {
        return Try(
            handle,
            [&]
            {
                nlohmann::json call{{"call", "send"}, {"type", type}};
                if (peer != nullptr)
                {
                    call["peer"] = peer;
                    call["port"] = port;
                }
                call["attributes"] = nlohmann::json::array();
                for (int i = 0; i < count; ++i)
                {
                    call["attributes"].push_back(nlohmann::json::array({names[i], values[i]}));
                }
                handle->Call(call);
                return 0;
            });
    }

    void lanpeer_free(char* text)
    {
        std::free(text);
    }
}
