#include "tests/databases/hr_database.hpp"
