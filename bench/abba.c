/* SPDX-License-Identifier: MIT */
/* Two threads take two mutexes in opposite order: they may block each other for ever. */
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void *take(void *reversed) {
    pthread_mutex_t *first = reversed != NULL ? &b : &a, *second = reversed != NULL ? &a : &b;
    pthread_mutex_lock(first);
    pthread_mutex_lock(second);
    pthread_mutex_unlock(second);
    pthread_mutex_unlock(first);
    return NULL;
}

int main(void) {
    pthread_t one, other;
    pthread_create(&one, NULL, take, NULL);
    pthread_create(&other, NULL, take, &a);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return 0;
}
