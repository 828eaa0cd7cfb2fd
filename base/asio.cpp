/// Boost.Asio and Beast as the library's own sources: compiled once here, and declared elsewhere
/// (the macros BOOST_ASIO_SEPARATE_COMPILATION and BOOST_BEAST_SEPARATE_COMPILATION come with the
/// target), which takes a fifth off the compilation of every file that uses them.

#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
