// The compiled half of Asio and Beast, once for all comparison programs.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
