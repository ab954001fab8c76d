/* SPDX-License-Identifier: MIT */
#include "bench/calls/inputs.h"

#include <fenv.h>
#include <math.h>

typedef void *target;

/* One number, of each type. */
#define ONES(result, type, names)                                                                  \
    EACH(names, "usual") AS(result, (type))(1.5);                                                  \
    EACH(names, "0") AS(result, (type))(-0.0);                                                     \
    EACH(names, "not a number") AS(result, (type))(__builtin_nan(""));                             \
    EACH(names, "infinite") AS(result, (type))(__builtin_inf());

/* A number, and a place for more of it. */
#define PARTS(result, type, names, size)                                                           \
    EACH(names, "usual") AS(result, (type, target, target))(1.5, filled(size), filled(size));      \
    EACH(names, "0") AS(result, (type, target, target))(0, filled(size), filled(size));            \
    EACH(names, "not a number")                                                                    \
    AS(result, (type, target, target))(__builtin_nan(""), filled(size), filled(size));             \
    EACH(names, "large") AS(result, (type, target, target))(1e30, filled(size), filled(size));

#define REMAINDERS(result, type, names)                                                            \
    EACH(names, "usual") AS(result, (type, type, target))(7, 2, filled(4));                        \
    EACH(names, "by 0") AS(result, (type, type, target))(7, 0, filled(4));                         \
    EACH(names, "not a number") AS(result, (type, type, target))(__builtin_nan(""), 2, filled(4));

#define SETS(type, names)                                                                          \
    EACH(names, "usual") AS(int, (target, type))(filled(16), 3);                                   \
    EACH(names, "0") AS(int, (target, type))(filled(16), 0);                                       \
    EACH(names, "wrong") AS(int, (target, type))(filled(16), -1.5);

/* From memory. */
#define GETS(result, type, names)                                                                  \
    EACH(names, "usual") AS(result, (target, target))(COPY(type, {1.5}), COPY(type, {2}));         \
    EACH(names, "not a number")                                                                    \
    AS(result, (target, target))(COPY(type, {__builtin_nan("")}), COPY(type, {2}));                \
    EACH(names, "0") AS(result, (target, target))(COPY(type, {0}), COPY(type, {-0.0}));

#define SAME(type, names)                                                                          \
    EACH(names, "usual") AS(int, (target, target))(filled(16), COPY(type, {2}));                   \
    EACH(names, "not a number")                                                                    \
    AS(int, (target, target))(filled(16), COPY(type, {__builtin_nan("")}));                        \
    EACH(names, "0") AS(int, (target, target))(filled(16), COPY(type, {-0.0}));

#define NAMED(result, names)                                                                       \
    EACH(names, "usual") AS(result, (const char *))(text("12"));                                   \
    EACH(names, "empty") AS(result, (const char *))(text(""));                                     \
    EACH(names, "no number") AS(result, (const char *))(text("x"));

static void doubles(void) {
    ONES(int, double, "__finite __isinf __isnan __signbit finite isinf isnan")
    ONES(double, double, "gamma lgamma lgammaf32x lgammaf64")
    EACH("copysign ldexp scalbn", "usual") AS(double, (double, double, int))(1.5, -2, 3);
    EACH("copysign ldexp scalbn", "0") AS(double, (double, double, int))(0, -2, 3);
    EACH("copysign ldexp scalbn", "large") AS(double, (double, double, int))(1e300, -2, 5000);
    PARTS(double, double, "frexp frexpf32x frexpf64 lgamma_r lgammaf32x_r lgammaf64_r", 4)
    PARTS(double, double, "modf modff32x modff64", 8)
    PARTS(void, double, "sincos sincosf32x sincosf64", 8)
    REMAINDERS(double, double, "remquo remquof32x remquof64")
    SETS(double,
         "setpayload setpayloadf32x setpayloadf64 setpayloadsig setpayloadsigf32x setpayloadsigf64")
    GETS(double, double, "getpayload getpayloadf32x getpayloadf64")
    GETS(int, double,
         "totalorder totalorderf32x totalorderf64 totalordermag totalordermagf32x totalordermagf64")
    SAME(double, "canonicalize canonicalizef32x canonicalizef64")
    NAMED(double, "nan nanf32x nanf64")
}

static void floats(void) {
    ONES(int, float, "__finitef __isinff __isnanf __signbitf finitef isinff isnanf")
    ONES(float, float, "gammaf lgammaf lgammaf32")
    EACH("copysignf ldexpf scalbnf", "usual") AS(float, (float, float, int))(1.5, -2, 3);
    EACH("copysignf ldexpf scalbnf", "0") AS(float, (float, float, int))(0, -2, 3);
    EACH("copysignf ldexpf scalbnf", "large") AS(float, (float, float, int))(1e30f, -2, 5000);
    PARTS(float, float, "frexpf frexpf32 lgammaf_r lgammaf32_r", 4)
    PARTS(float, float, "modff modff32", 4)
    PARTS(void, float, "sincosf sincosf32", 4)
    REMAINDERS(float, float, "remquof remquof32")
    SETS(float, "setpayloadf setpayloadf32 setpayloadsigf setpayloadsigf32")
    GETS(float, float, "getpayloadf getpayloadf32")
    GETS(int, float, "totalorderf totalorderf32 totalordermagf totalordermagf32")
    SAME(float, "canonicalizef canonicalizef32")
    NAMED(float, "nanf nanf32")
}

static void long_doubles(void) {
    ONES(int, long double, "__finitel __isinfl __isnanl __signbitl finitel isinfl isnanl")
    ONES(long double, long double, "gammal lgammal lgammaf64x")
    EACH("copysignl", "usual") AS(long double, (long double, long double))(1.5, -2);
    EACH("copysignl", "0") AS(long double, (long double, long double))(0, -2);
    EACH("copysignl", "large") AS(long double, (long double, long double))(1e300L, -2);
    EACH("ldexpl scalbnl", "usual") AS(long double, (long double, int))(1.5, 3);
    EACH("ldexpl scalbnl", "0") AS(long double, (long double, int))(0, 3);
    EACH("ldexpl scalbnl", "large") AS(long double, (long double, int))(1e300L, 50000);
    PARTS(long double, long double, "frexpl frexpf64x lgammal_r lgammaf64x_r", 4)
    PARTS(long double, long double, "modfl modff64x", 16)
    PARTS(void, long double, "sincosl sincosf64x", 16)
    REMAINDERS(long double, long double, "remquol remquof64x")
    SETS(long double, "setpayloadl setpayloadf64x setpayloadsigl setpayloadsigf64x")
    GETS(long double, long double, "getpayloadl getpayloadf64x")
    GETS(int, long double, "totalorderl totalorderf64x totalordermagl totalordermagf64x")
    SAME(long double, "canonicalizel canonicalizef64x")
    NAMED(long double, "nanl nanf64x")
}

static void of_128_bits(void) {
    ONES(int, _Float128, "__isnanf128")
    ONES(_Float128, _Float128, "lgammaf128")
    PARTS(_Float128, _Float128, "frexpf128 lgammaf128_r", 4)
    PARTS(_Float128, _Float128, "modff128", 16)
    PARTS(void, _Float128, "sincosf128", 16)
    REMAINDERS(_Float128, _Float128, "remquof128")
    SETS(_Float128, "setpayloadf128 setpayloadsigf128")
    GETS(_Float128, _Float128, "getpayloadf128")
    GETS(int, _Float128, "totalorderf128 totalordermagf128")
    SAME(_Float128, "canonicalizef128")
    NAMED(_Float128, "nanf128")
}

static void environment(void) {
    EACH("fegetenv feholdexcept", "usual") AS(int, (target))(filled(32));
    EACH("fegetenv feholdexcept", "an exception")
    feraiseexcept(FE_INEXACT), AS(int, (target))(filled(32));
    EACH("fegetenv feholdexcept", "rounded up")
    fesetround(FE_UPWARD), AS(int, (target))(filled(32));
    EACH("fegetexceptflag", "usual") AS(int, (target, int))(filled(2), FE_ALL_EXCEPT);
    EACH("fegetexceptflag", "none") AS(int, (target, int))(filled(2), 0);
    EACH("fegetexceptflag", "an exception")
    feraiseexcept(FE_INEXACT), AS(int, (target, int))(filled(2), FE_INEXACT);
    EACH("fesetexceptflag", "usual") AS(int, (target, int))(space(2), FE_ALL_EXCEPT);
    EACH("fesetexceptflag", "none") AS(int, (target, int))(space(2), 0);
    EACH("fesetexceptflag", "an exception") AS(int, (target, int))(filled(2), FE_INEXACT);
}

void inputs_math(void) {
    doubles();
    floats();
    long_doubles();
    of_128_bits();
    environment();
}
