// The one place where Boost.JSON's own functions are compiled. Linked from Debian's library they take so much longer
// that a simulated life takes a seventh more time.
#include <boost/json/src.hpp>
