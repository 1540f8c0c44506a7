/* The client library of LanPeer (R-API-1): asks the peering service of this computer for
 * resources, offers copies, sends and hears packets of one's own.
 *
 * One `lanpeer_client` is used by one thread at a time. It has no threads of its own: everything
 * that happens is told by call-backs from within lanpeer_process(), lanpeer_wait() and the calls
 * that say so, or is waited for there. lanpeer_fd() joins it to an event loop.
 *
 * Texts are UTF-8 and end with a zero byte; those that are given to call-backs live as long as the
 * call. Functions return 0 or more for well, LANPEER_ERROR for badly: lanpeer_error() says why, in
 * one line.
 */
#ifndef LANPEER_H
#define LANPEER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C"
{
#endif

#define LANPEER_ERROR (-1)

    /* A connection to a service, or a service within this process. */
    typedef struct lanpeer_client lanpeer_client;

    /* A request, as long as it runs; 0 is none. */
    typedef int64_t lanpeer_id;

    /* Where a resource came from. */
    typedef enum lanpeer_source
    {
        LANPEER_LOCAL = 0,   /* this computer held it */
        LANPEER_PEER = 1,    /* another computer of the LAN */
        LANPEER_INTERNET = 2 /* its origin */
    } lanpeer_source;

    /* How far a request is. */
    typedef struct lanpeer_progress
    {
        int own; /* 0: it waits for another computer's download, whose figures these are */
        uint64_t received; /* bytes */
        int64_t size;      /* bytes of the whole; -1: not known */
    } lanpeer_progress;

    /* How a request ended. */
    typedef struct lanpeer_result
    {
        int found;             /* 0: see reason */
        lanpeer_source source; /* if found, as are the next four */
        const char* peer;      /* its address, with LANPEER_PEER; else "" */
        uint64_t size;         /* bytes */
        const char* sha256;    /* 64 hexadecimal digits */
        int fd; /* the body, to be read from its beginning; the call-back's to close */
        /* Of a failure, from a closed list (`lanpeer-sim reasons`): "no-internet",
         * "content-refused"; or "wrong-use": no such request can be made, or "service-gone": the
         * connection to the service is lost. */
        const char* reason;
        const char* detail; /* in a sentence, may be "" */
    } lanpeer_result;

    /* What to ask for. Fill it by lanpeer_request_init(), then set what is to be otherwise. */
    typedef struct lanpeer_request
    {
        const char* url;
        const char* sha256; /* the verifier: 64 hexadecimal digits; NULL: none, or another */
        /* The verifier, if it is a call-back: reads the body from fd, which stays the library's,
         * and answers 1 to accept or 0 to refuse; or -1, to answer later by lanpeer_judge().
         * Without any verifier the resource comes from the Internet only and is never offered. */
        int (*verify)(void* user, lanpeer_id id, int fd, uint64_t size, const char* sha256);
        int may_wait;         /* 1: may wait for another computer's download */
        int may_use_internet; /* 1; 0: this LAN only */
        int cacheable;        /* 1; 0: straight to the Internet, never offered */
        int allow_query;      /* 0; 1: a URL with a query may be broadcast on the LAN */
        void (*progress)(void* user,
                         lanpeer_id id,
                         const lanpeer_progress* progress);                     /* may be NULL */
        void (*ended)(void* user, lanpeer_id id, const lanpeer_result* result); /* exactly once */
        void* user; /* handed to the call-backs */
        /* 0; 1: the verifier is the signature. It must be a package (`lanpeer pack`) whose signer
         * the service believes by its `update.root_file`, signed under the name that the URL ends
         * with. What is wrong with one that is refused is in the result's detail. */
        int signed_package;
    } lanpeer_request;

    /* A copy that the service holds. */
    typedef struct lanpeer_copy
    {
        const char* url;
        uint64_t size;
        const char* sha256;
        int64_t added; /* seconds since 1970 */
        int64_t used;  /* likewise, the last time */
        uint64_t hits; /* how often it was read */
    } lanpeer_copy;

    /* A packet that another computer's application sent. */
    typedef struct lanpeer_packet
    {
        const char* peer; /* its address */
        uint16_t port;
        const char* type;
        /* `count` names and as many values */
        const char* const* names;
        const char* const* values;
        int count;
    } lanpeer_packet;

    /* Connects to the service of this computer.
     * socket_path: NULL for $LANPEER_SOCKET or the usual place. Never NULL unless memory is out:
     * ask lanpeer_ok(). */
    lanpeer_client* lanpeer_open(const char* socket_path);

    /* The same library without a daemon: a service of this process, with the settings of a
     * configuration file (see lanpeerd) in a thread of its own. */
    lanpeer_client* lanpeer_open_embedded(const char* config_file);

    /* 1 if it was opened and is connected still. */
    int lanpeer_ok(const lanpeer_client* handle);

    /* What went wrong last; "" if nothing did. Lives until the next call. */
    const char* lanpeer_error(const lanpeer_client* handle);

    /* Ends its requests, untold, and everything else. NULL is allowed. */
    void lanpeer_close(lanpeer_client* handle);

    /* Readable when lanpeer_process() has something to do. */
    int lanpeer_fd(const lanpeer_client* handle);

    /* Tells what has happened, after at most timeout_ms (-1: as long as it takes, 0: none).
     * Returns how many messages were taken, 0 after the time. When the service has gone every
     * request ends ("service-gone"), and then this and what waits returns LANPEER_ERROR. */
    int lanpeer_process(lanpeer_client* handle, int timeout_ms);

    void lanpeer_request_init(lanpeer_request* request);

    /* Asks. Returns its number (above 0), or LANPEER_ERROR; then `ended` is not called. */
    lanpeer_id lanpeer_get(lanpeer_client* handle, const lanpeer_request* request);

    /* No longer wanted; `ended` is not called any more. Of one that has ended: no harm. */
    int lanpeer_cancel(lanpeer_client* handle, lanpeer_id id);

    /* The answer that `verify` put off. */
    int lanpeer_judge(lanpeer_client* handle, lanpeer_id id, int accepted);

    /* Tells what happens until this request has ended. */
    int lanpeer_wait(lanpeer_client* handle, lanpeer_id id);

    /* Hands a file over as the copy of a URL; the service makes a copy of its own.
     * sha256: NULL, or what it must be. Only for the service's own user and group. Waits. */
    int lanpeer_offer(lanpeer_client* handle, const char* url, int fd, const char* sha256);

    /* Returns 1 if there was a copy, 0 if not. As lanpeer_offer(). */
    int lanpeer_withdraw(lanpeer_client* handle, const char* url);

    /* Tells of every copy. Waits. Returns how many there are. */
    int lanpeer_list(lanpeer_client* handle,
                     void (*copy)(void* user, const lanpeer_copy* copy),
                     void* user);

    /* Status and counters as JSON (the object of `lanpeer status --json`), to be freed by
     * lanpeer_free(); NULL for badly. Waits. */
    char* lanpeer_status(lanpeer_client* handle);

    /* The same as Prometheus text. */
    char* lanpeer_prometheus(lanpeer_client* handle);

    /* What happened to a URL that was asked for of late, step by step. Waits. Returns how many. */
    int lanpeer_why(lanpeer_client* handle,
                    const char* url,
                    void (*step)(void* user, int64_t at_ms, const char* text),
                    void* user);

    /* Hears packets of a type of one's own, until lanpeer_unregister() or the end of the
     * connection; as lanpeer_offer(). Fails if another application has registered the type. */
    int lanpeer_register(lanpeer_client* handle,
                         const char* type,
                         void (*heard)(void* user, const lanpeer_packet* packet),
                         void* user);

    int lanpeer_unregister(lanpeer_client* handle, const char* type);

    /* Sends a packet of a type of one's own; as lanpeer_offer().
     * peer: an address, or NULL to broadcast. */
    int lanpeer_send(lanpeer_client* handle,
                     const char* peer,
                     uint16_t port,
                     const char* type,
                     const char* const* names,
                     const char* const* values,
                     int count);

    /* Looks for updates now, and with `install` installs what is newer. Waits until the check has
     * ended, or the one that runs already. As lanpeer_offer(). JSON with `check` and `updates`, to
     * be freed by lanpeer_free(); NULL for badly. */
    char* lanpeer_update(lanpeer_client* handle, int install);

    void lanpeer_free(char* text);

#ifdef __cplusplus
}
#endif

#endif
