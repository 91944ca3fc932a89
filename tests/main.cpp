#include <boost/test/unit_test.hpp>

// What BOOST_TEST_MODULE would make, compiled once for all test programs.

int main(int argc, char** argv)
{
    return boost::unit_test::unit_test_main([] { return true; }, argc, argv);
}
