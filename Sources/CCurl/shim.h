// curl_easy_setopt and its siblings are variadic, which Swift cannot call: one function per type of argument.
#pragma once
#include <curl/curl.h>

static inline CURLcode burns_curl_set_number(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode burns_curl_set_large_number(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

/// curl copies the text.
static inline CURLcode burns_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

/// Buffers, lists and what callbacks get back. curl keeps the pointer.
static inline CURLcode burns_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode burns_curl_set_on_data(CURL *easy, CURLoption option,
                                              size_t (*callback)(char *, size_t, size_t, void *)) {
    return curl_easy_setopt(easy, option, callback);
}

static inline CURLcode burns_curl_set_on_seek(CURL *easy, int (*callback)(void *, curl_off_t, int)) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, callback);
}

static inline CURLcode burns_curl_set_on_progress(
    CURL *easy, int (*callback)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t)) {
    return curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, callback);
}

static inline CURLcode burns_curl_set_on_connected(CURL *easy, int (*callback)(void *, char *, char *, int, int)) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLcode burns_curl_set_on_socket(
    CURL *easy, curl_socket_t (*callback)(void *, curlsocktype, struct curl_sockaddr *)) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
}

static inline CURLcode burns_curl_set_on_socket_close(CURL *easy, int (*callback)(void *, curl_socket_t)) {
    return curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, callback);
}

static inline CURLcode burns_curl_get_number(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode burns_curl_multi_set_number(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

/// The code of a transfer that is done: a member of a union.
static inline CURLcode burns_curl_result(const CURLMsg *message) { return message->data.result; }

// Macros that are casts.
static const curl_socket_t burns_curl_no_socket = CURL_SOCKET_BAD;
static const size_t burns_curl_pause_receiving = CURL_WRITEFUNC_PAUSE;
static const size_t burns_curl_pause_sending = CURL_READFUNC_PAUSE;
static const size_t burns_curl_abort_sending = CURL_READFUNC_ABORT;
static const long burns_curl_global_default = CURL_GLOBAL_DEFAULT;

/// Longer than a `struct sockaddr` says.
static inline const struct sockaddr *burns_curl_peer(const struct curl_sockaddr *address) { return &address->addr; }
