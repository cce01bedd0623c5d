int  ugly( int a ){return a;} /* expect: clang-format */
