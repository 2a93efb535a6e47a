// What Swift's importer cannot see of FFmpeg's libraries, and why.
#pragma once

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/cpu.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/mathematics.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

// Error codes are macros over tags and casts.
static const int burns_av_eof = AVERROR_EOF;
static const int burns_av_eagain = AVERROR(EAGAIN);
static const int burns_av_enomem = AVERROR(ENOMEM);
static const int burns_av_eio = AVERROR(EIO);
static const int burns_av_enospc = AVERROR(ENOSPC);
static const int burns_av_einval = AVERROR(EINVAL);
static const int burns_av_invalid_data = AVERROR_INVALIDDATA;
static const int burns_av_exit = AVERROR_EXIT;
static const int burns_av_decoder_not_found = AVERROR_DECODER_NOT_FOUND;
static const int burns_av_patchwelcome = AVERROR_PATCHWELCOME;

// A cast of a hexadecimal literal.
static const int64_t burns_av_nopts = AV_NOPTS_VALUE;

// AVPixFmtDescriptor's flags mix types once imported; the descriptor's own is 64 bits wide.
static const uint64_t burns_pix_fmt_flag_be = AV_PIX_FMT_FLAG_BE;
static const uint64_t burns_pix_fmt_flag_pal = AV_PIX_FMT_FLAG_PAL;
static const uint64_t burns_pix_fmt_flag_planar = AV_PIX_FMT_FLAG_PLANAR;
static const uint64_t burns_pix_fmt_flag_rgb = AV_PIX_FMT_FLAG_RGB;
static const uint64_t burns_pix_fmt_flag_alpha = AV_PIX_FMT_FLAG_ALPHA;
static const uint64_t burns_pix_fmt_flag_float = AV_PIX_FMT_FLAG_FLOAT;
// Samples between the decoder's frames and the encoder's: not part of avcodec.h.
#include <libavutil/audio_fifo.h>
#include <libavcodec/bsf.h>

// Macros over other macros and casts.
static const int burns_avseek_size = AVSEEK_SIZE;
static const int burns_avseek_force = AVSEEK_FORCE;
static const int burns_qp2lambda = FF_QP2LAMBDA;

// Anonymous C arrays of AVOption are walked by a function whose argument is a pointer to a struct that begins with an AVClass
// pointer; a bare AVClass is passed by the address of a pointer to it.
static inline const AVOption *burns_next_option(const AVClass *klass, const AVOption *previous) {
    return klass ? av_opt_next(&klass, previous) : NULL;
}
