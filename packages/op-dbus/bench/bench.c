/*
 * libsystemd's own client, measured the way bench/main.ts measures op-dbus.
 *   bench SECONDS IN_FLIGHT getid|bytes      the bus is in DBUS_SESSION_BUS_ADDRESS
 * Prints three numbers: mean wall and processor time of a call, and the median of its wall time, in microseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <systemd/sd-bus.h>
#include <time.h>

enum { BYTES = 1 << 20, MAX_SAMPLES = 1 << 22 };

static int outstanding;
static long done;

static double wall(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static double cpu(void) {
  struct rusage r;
  getrusage(RUSAGE_SELF, &r);
  return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1e6 + r.ru_utime.tv_usec + r.ru_stime.tv_usec;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void fail(const char *what) {
  fprintf(stderr, "bench: %s\n", what);
  exit(1);
}

static sd_bus_message *make(sd_bus *bus, int is_bytes) {
  sd_bus_message *m;
  void *space;
  if (is_bytes) {
    sd_bus_message_new_method_call(bus, &m, "test.Echo", "/", "test.Echo", "Len");
    sd_bus_message_append_array_space(m, 'y', BYTES, &space);
    memset(space, 7, BYTES);
  } else {
    sd_bus_message_new_method_call(bus, &m, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                   "org.freedesktop.DBus", "GetId");
  }
  return m;
}

static void read_reply(sd_bus_message *m, int is_bytes) {
  const char *text;
  uint32_t number;
  if (sd_bus_message_is_method_error(m, NULL)) fail(sd_bus_message_get_error(m)->message);
  if (is_bytes) sd_bus_message_read(m, "u", &number);
  else sd_bus_message_read(m, "s", &text);
}

static int on_reply(sd_bus_message *m, void *is_bytes, sd_bus_error *error) {
  (void)error;
  read_reply(m, is_bytes != NULL);
  outstanding--;
  done++;
  return 0;
}

static void one_by_one(sd_bus *bus, double until, int is_bytes, double *samples) {
  while (wall() < until && done < MAX_SAMPLES) {
    double start = wall();
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message *m = make(bus, is_bytes), *reply;
    if (sd_bus_call(bus, m, 0, &error, &reply) < 0) fail(error.message);
    read_reply(reply, is_bytes);
    sd_bus_message_unref(m);
    sd_bus_message_unref(reply);
    samples[done++] = wall() - start;
  }
}

static void many(sd_bus *bus, double until, int is_bytes, int in_flight) {
  while (wall() < until || outstanding > 0) {
    int r;
    while (outstanding < in_flight && wall() < until) {
      sd_bus_message *m = make(bus, is_bytes);
      if (sd_bus_call_async(bus, NULL, m, on_reply, is_bytes ? bus : NULL, 0) < 0) fail("call");
      sd_bus_message_unref(m);
      outstanding++;
    }
    while ((r = sd_bus_process(bus, NULL)) > 0 && outstanding > in_flight / 2);
    if (r == 0) sd_bus_wait(bus, 1000000);
  }
}

int main(int argc, char **argv) {
  sd_bus *bus;
  if (argc < 4 || sd_bus_open_user(&bus) < 0) fail("usage, or no bus");
  double seconds = atof(argv[1]);
  int in_flight = atoi(argv[2]), is_bytes = !strcmp(argv[3], "bytes");
  double *samples = malloc(sizeof(double) * MAX_SAMPLES);
  double wall_start = wall(), cpu_start = cpu(), until = wall_start + seconds * 1e6;
  if (in_flight == 1) one_by_one(bus, until, is_bytes, samples);
  else many(bus, until, is_bytes, in_flight);
  double wall_us = (wall() - wall_start) / done, cpu_us = (cpu() - cpu_start) / done;
  double p50 = wall_us;
  if (in_flight == 1) {
    qsort(samples, done, sizeof(double), compare);
    p50 = samples[done / 2];
  }
  printf("%.2f %.2f %.2f\n", wall_us, cpu_us, p50);
  return 0;
}
