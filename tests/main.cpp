#define BOOST_TEST_MODULE testdome_sync
#include <boost/test/unit_test.hpp>
