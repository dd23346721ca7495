"""A real model in its server, llama.cpp's, in a process of its own: python model_server.py MODEL PORT [GRAMMAR]"""

import signal
import sys

from xllamacpp import CommonGrammar, CommonParams, Server

params = CommonParams()
params.model.path, params.port = sys.argv[1], int(sys.argv[2])
params.offline = True
params.n_ctx = 4096
params.n_parallel = 1
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1  # more wait for one another where others work too
params.endpoint_slots = True
params.warmup = False
if len(sys.argv) > 3:
    params.sampling.grammar = CommonGrammar(1, sys.argv[3])
server = Server(params)
signal.pause()
