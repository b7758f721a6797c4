// The one place where the non-template parts of Asio and Beast are compiled.
//
// Asio waits for sockets and timers in one place, which is compiled here: the call goes through
// watch.h, so that the time in which a thread only waited is not taken for a slow handler.
#include <sys/epoll.h>

#include "kernel/edge/watch.h"

#define epoll_wait(...) ::yeyak::wait_for_events(__VA_ARGS__)
#include <boost/asio/impl/src.hpp>
#undef epoll_wait
#include <boost/beast/src.hpp>
